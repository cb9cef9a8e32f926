export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** Facts of a log line. `requestId` has its own place in both formats. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** An ERROR that is all that is left of a job, so no log level drops it. */
  lastResort(message: string, fields?: LogFields): void;
}

const RANK: Record<string, number> = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };

/**
 * Writes the extension's own lines in the two formats of the function's lines, so that one query
 * finds both: tab-separated text, or one JSON object (`AWS_LAMBDA_LOG_FORMAT=JSON`).
 * `AWS_LAMBDA_LOG_LEVEL` sets the lowest level that is written; INFO without it.
 *
 * @see Node.js runtime, "Using Lambda advanced logging controls with Node.js"
 */
export function createLog({
  format,
  level,
  write,
}: {
  format: string | undefined;
  level: string | undefined;
  write: (line: string) => void;
}): Log {
  const lowest = RANK[level?.toUpperCase() ?? 'INFO'] ?? RANK.INFO ?? 0;
  const toLine = format?.toUpperCase() === 'JSON' ? jsonLine : textLine;
  const at =
    (name: LogLevel, from = lowest) =>
    (message: string, fields: LogFields = {}) => {
      if ((RANK[name] ?? 0) >= from) write(toLine(name, message, fields));
    };
  return {
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
    lastResort: at('ERROR', 0),
  };
}

function jsonLine(level: LogLevel, message: string, fields: LogFields): string {
  const timestamp = new Date().toISOString();
  return `${JSON.stringify({ timestamp, level, ...fields, message: `[async-http] ${message}` })}\n`;
}

function textLine(level: LogLevel, message: string, { requestId, ...facts }: LogFields): string {
  const details = Object.keys(facts).length > 0 ? ` ${JSON.stringify(facts)}` : '';
  const text = `[async-http] ${message}${details}`.replaceAll('\n', '\r');
  return `${new Date().toISOString()}\t${requestId ?? '-'}\t${level}\t${text}\n`;
}
