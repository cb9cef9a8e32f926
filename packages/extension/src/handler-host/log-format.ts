import { format } from 'node:util';

export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type Level = (typeof LEVELS)[number];

/** What a line says besides its message. */
export interface LineFacts {
  readonly timestamp: string;
  readonly level: Level;
  /** `-` or undefined outside of a job, as the runtime of the Node.js major prints it. */
  readonly requestId: string | undefined;
  /** In the JSON format only, since the text format has no place for them. */
  readonly jobId: string | undefined;
  readonly attempt: number | undefined;
  readonly tenantId: string | undefined;
}

/** A line as Lambda's runtime prints it in the text format. */
export function textLine(
  { timestamp, requestId, level }: LineFacts,
  message: unknown,
  params: readonly unknown[],
): string {
  return asOneLine(`${timestamp}\t${requestId}\t${level}\t${format(message, ...params)}`);
}

/**
 * A line as Lambda's runtime prints it in the JSON format.
 *
 * @param errors where the error of a line with several parts is looked for.
 */
export function jsonLine(
  { tenantId, ...facts }: LineFacts,
  message: unknown,
  params: readonly unknown[],
  errors: readonly unknown[],
): string {
  const record = { ...facts, ...(tenantId && { tenantId }) };
  if (params.length > 0) {
    const text = format(message, ...params);
    return asOneLine(JSON.stringify({ ...record, message: text, ...firstError(errors) }));
  }
  try {
    return asOneLine(JSON.stringify({ ...record, message }, withErrors));
  } catch {
    return asOneLine(JSON.stringify({ ...record, message: format(message) }));
  }
}

/** The platform takes a line feed as the end of the entry. */
function asOneLine(text: string): string {
  return `${text.replaceAll('\n', '\r')}\n`;
}

function firstError(candidates: readonly unknown[]) {
  const error = candidates.find((candidate) => candidate instanceof Error);
  return error && { ...describe(error), stackTrace: error.stack?.split('\n') ?? [] };
}

function withErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { ...describe(value), stackTrace: value.stack?.split('\n'), ...value };
}

function describe(error: Error) {
  return {
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
  };
}
