/** Lines that Lambda writes into a function's log group, in its format. */

export function startLine(requestId: string): string {
  return `START RequestId: ${requestId} Version: $LATEST`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}`;
}

export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memoryMiB: number;
  readonly maxMemoryMiB: number;
  /** INIT that preceded the environment's first invoke. */
  readonly initDurationMs?: number | undefined;
  readonly status: 'success' | 'error' | 'failure' | 'timeout';
  readonly errorType?: string | undefined;
}

export function reportLine(report: Report): string {
  const { requestId, durationMs, initDurationMs, status, errorType } = report;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs(report)} ms`,
    `Memory Size: ${report.memoryMiB} MB`,
    `Max Memory Used: ${report.maxMemoryMiB} MB`,
  ];
  if (initDurationMs !== undefined) fields.push(`Init Duration: ${initDurationMs.toFixed(2)} ms`);
  if (status !== 'success') fields.push(`Status: ${status === 'timeout' ? status : 'error'}`);
  if (errorType) fields.push(`Error Type: ${errorType}`);
  return `${fields.join('\t')}\t`;
}

/** Rounded up to 1 ms; INIT is billed too since August 2025. */
export function billedMs({
  durationMs,
  initDurationMs = 0,
}: Pick<Report, 'durationMs' | 'initDurationMs'>): number {
  return Math.ceil(durationMs + initDurationMs);
}

export function initReportLine({
  durationMs,
  phase,
  status,
  errorType,
}: {
  durationMs: number;
  phase: string;
  status: string;
  errorType?: string | undefined;
}): string {
  const line = `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\tStatus: ${status}`;
  return errorType ? `${line}\tError Type: ${errorType}` : line;
}

export function extensionLine(name: string, state: string, events: readonly string[]): string {
  return `EXTENSION\tName: ${name}\tState: ${state}\tEvents: [${events.join(', ')}]`;
}

export function telemetryLine(name: string, types: readonly string[]): string {
  const names = types.map((type) => type.charAt(0).toUpperCase() + type.slice(1));
  return `TELEMETRY\tName: ${name}\tState: Subscribed\tTypes: [${names.join(', ')}]`;
}

/** What the caller gets when the function's time is up. */
export const timeoutMessage = (timeoutMs: number): string =>
  `Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;

/** What the log shows then. */
export const timeoutLine = (requestId: string, timeoutMs: number): string =>
  `${new Date().toISOString()} ${requestId} ${timeoutMessage(timeoutMs)}`;
