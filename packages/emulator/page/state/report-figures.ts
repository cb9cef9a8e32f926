/** What a REPORT line says. Durations are ms, memory is MB. */
export interface ReportFigures {
  readonly durationMs?: number;
  readonly billedMs?: number;
  readonly memoryMb?: number;
  readonly maxMemoryMb?: number;
  readonly initMs?: number;
}

/** Reads the two forms that Lambda has for it: tab-separated text, or a `platform.report` as JSON. */
export function reportFigures(line: string): ReportFigures | undefined {
  if (line.startsWith('REPORT ')) {
    const figure = (name: string) => {
      const [, value] = new RegExp(`\\t${name}: ([\\d.]+)`).exec(line) ?? [];
      return value === undefined ? undefined : Number(value);
    };
    return known({
      durationMs: figure('Duration'),
      billedMs: figure('Billed Duration'),
      memoryMb: figure('Memory Size'),
      maxMemoryMb: figure('Max Memory Used'),
      initMs: figure('Init Duration'),
    });
  }
  return line.includes('"platform.report"') ? ofJson(line) : undefined;
}

interface Metrics {
  readonly durationMs?: number;
  readonly billedDurationMs?: number;
  readonly memorySizeMB?: number;
  readonly maxMemoryUsedMB?: number;
  readonly initDurationMs?: number;
}

function ofJson(line: string): ReportFigures | undefined {
  try {
    const { type, record } = JSON.parse(line) as { type?: string; record?: { metrics?: Metrics } };
    if (type !== 'platform.report' || !record?.metrics) return undefined;
    const { durationMs, billedDurationMs, memorySizeMB, maxMemoryUsedMB, initDurationMs } =
      record.metrics;
    return known({
      durationMs,
      billedMs: billedDurationMs,
      memoryMb: memorySizeMB,
      maxMemoryMb: maxMemoryUsedMB,
      initMs: initDurationMs,
    });
  } catch {
    // A function may print what looks like a report and is not.
    return undefined;
  }
}

function known(figures: Record<keyof ReportFigures, number | undefined>): ReportFigures {
  return Object.fromEntries(
    Object.entries(figures).filter(([, value]) => value !== undefined),
  ) as ReportFigures;
}
