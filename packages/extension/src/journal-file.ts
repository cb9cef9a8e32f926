/**
 * A file of the journal: `async-http job 1 ` + number of attempts in three digits + newline, the facts
 * as one line of JSON, the body's bytes, and, once the job has ended, its outcome as one line of JSON.
 * The lengths in it tell a half-written file from a whole one.
 */

/** What is kept about a job besides its body. All instants are wall-clock ms since the epoch. */
export interface JobFacts {
  readonly jobId: string;
  readonly requestId: string;
  /** Deadline of the request. */
  readonly deadlineMs: number;
  readonly traceId?: string | undefined;
  readonly idempotencyKey: string;
  readonly acceptedAt: number;
}

/** A job as its file tells it. */
export interface JournaledJob extends JobFacts {
  /** How many attempts have been started. */
  readonly attempts: number;
  readonly body: Buffer;
  /** JSON of an object with a `condition`, as it was given to `recordOutcome()`: the job must not run again. */
  readonly outcome: string | undefined;
}

const MAGIC = 'async-http job 1 ';
const ATTEMPT_DIGITS = 3;
const NEWLINE = 0x0a;

/** Where the number of attempts lies, so that it can be overwritten in place. */
export const ATTEMPTS_OFFSET = MAGIC.length;
const FIRST_LINE_BYTES = ATTEMPTS_OFFSET + ATTEMPT_DIGITS + 1;

/** An outcome as it is appended. The first newline ends what a full disk has left of another one. */
export function outcomeLine(outcome: string): string {
  return `\n${outcome}\n`;
}

export function attemptDigits(attempts: number): string {
  return String(attempts).padStart(ATTEMPT_DIGITS, '0');
}

/** What comes before the body. */
export function journalHead(facts: JobFacts, bodyBytes: number): Buffer {
  return Buffer.from(`${MAGIC}${attemptDigits(0)}\n${JSON.stringify({ ...facts, bodyBytes })}\n`);
}

/** @throws {Error} whose message says what is wrong with the file */
export function parseJournalFile(file: Buffer): JournaledJob {
  if (file.toString('latin1', 0, ATTEMPTS_OFFSET) !== MAGIC) {
    throw new Error('it is not a file of this version of the journal');
  }
  const attempts = Number(file.toString('latin1', ATTEMPTS_OFFSET, FIRST_LINE_BYTES - 1));
  const bodyStart = file.indexOf(NEWLINE, FIRST_LINE_BYTES) + 1;
  if (bodyStart === 0) throw new Error('it is half-written');
  const { bodyBytes, ...facts } = parseFacts(file.toString('utf8', FIRST_LINE_BYTES, bodyStart));
  const bodyEnd = bodyStart + bodyBytes;
  if (file.length < bodyEnd) throw new Error('it is half-written');
  if (!Number.isInteger(attempts)) throw new Error('its number of attempts is damaged');
  const outcome = lastLine(file.toString('utf8', bodyEnd));
  // Whether the job may run again cannot be known then; a person has to look.
  if (outcome !== undefined && typeof parseJson(outcome).condition !== 'string') {
    throw new Error('its outcome is damaged');
  }
  return { ...facts, attempts, body: file.subarray(bodyStart, bodyEnd), outcome };
}

/** What stands between the last two newlines: a half-written outcome was never acted upon. */
function lastLine(text: string): string | undefined {
  return text.split('\n').slice(0, -1).findLast(Boolean);
}

function parseFacts(line: string): JobFacts & { bodyBytes: number } {
  const facts = parseJson(line);
  const isComplete =
    typeof facts.jobId === 'string' &&
    typeof facts.requestId === 'string' &&
    typeof facts.idempotencyKey === 'string' &&
    Number.isFinite(facts.deadlineMs) &&
    Number.isFinite(facts.acceptedAt) &&
    Number.isInteger(facts.bodyBytes);
  if (!isComplete) throw new Error('its facts are not those of a job');
  return facts;
}

function parseJson(line: string) {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}
