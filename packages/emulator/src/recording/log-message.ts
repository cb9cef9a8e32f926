import { parseJson } from '../parse-json.ts';

/** What an extension says in a log line about one job. */
export interface LogMessage {
  /** Without the name in brackets and without the fields. */
  readonly text: string;
  readonly requestId?: string;
  readonly jobId: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A line that is longer holds no fact that is read here, and takes its time to parse. */
const MAX_LENGTH = 1024 * 1024;
/** `TIME REQUEST_ID LEVEL [NAME] WORDS FIELDS`, with tabs between the first four. */
const TEXT_LINE = /^[^\t]*\t([^\t]*)\t[A-Z]+\t\[[\w-]+\] (.*?) (\{.*\})$/s;
const NAMED = /^\[[\w-]+\] (.*)$/s;

/**
 * Reads a line about a job in either format of Lambda's log lines: text with tabs, or one JSON object.
 *
 * @returns undefined for every other line.
 */
export function readLogMessage(line: string): LogMessage | undefined {
  // Nearly every line ends here.
  if (line.length > MAX_LENGTH || !line.includes('"jobId"')) return undefined;
  return line.startsWith('{') ? fromJson(line) : fromText(line);
}

function fromJson(line: string): LogMessage | undefined {
  const { message, requestId, ...fields } = objectOf(line);
  const [, text] = typeof message === 'string' ? (NAMED.exec(message) ?? []) : [];
  return text === undefined ? undefined : toMessage(text, requestId, fields);
}

function fromText(line: string): LogMessage | undefined {
  const [, requestId, text, json = ''] = TEXT_LINE.exec(line) ?? [];
  return text === undefined ? undefined : toMessage(text, requestId, objectOf(json));
}

function toMessage(
  text: string,
  requestId: unknown,
  fields: Readonly<Record<string, unknown>>,
): LogMessage | undefined {
  const { jobId } = fields;
  if (typeof jobId !== 'string') return undefined;
  const isKnown = typeof requestId === 'string' && requestId !== '' && requestId !== '-';
  return { text, jobId, fields, ...(isKnown && { requestId }) };
}

function objectOf(json: string): Record<string, unknown> {
  const value = parseJson(json);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
