import { isWord } from './bell.ts';
import { isKeyHash } from './key-claim.ts';

/**
 * A record of a log:
 *
 *     async-http job 2 . 000⏎          state and number of attempts, overwritten in place by the extension; `sf` has failed
 *     {"jobId":…}⏎                     the facts and the lengths of what follows
 *     event, context, ⏎                both as JSON
 *
 * A log is also the journal: what survives a crash of the extension is what was handed off.
 */

/** What is known about a record besides its event and context. Instants are wall-clock ms since the epoch. */
export interface JobFacts {
  /** `job`: to run in this environment. `delivery`: for the engine. `run`: one attempt of an engine's job. */
  readonly kind: 'job' | 'delivery' | 'run';
  /** `<awsRequestId>.<n>` */
  readonly jobId: string;
  /** `awsRequestId` of the request that hands off. */
  readonly requestId: string;
  /** Deadline of that request. */
  readonly deadlineMs: number;
  readonly acceptedAt: number;
  /** X-Ray trace id of the job. */
  readonly traceId?: string | undefined;
  /** `AWS_XRAY_DAEMON_ADDRESS` of the function, whatever it is: it must not keep a job from running. */
  readonly xRayDaemon?: string | undefined;
  /** Of a run: `awsRequestId` of the request that handed the job off, and which attempt this is, from 1. */
  readonly originRequestId?: string | undefined;
  readonly attempt?: number | undefined;
  /** SHA-256 of the key that the job was handed off with. */
  readonly keyHash?: string | undefined;
}

/** What has become of a record. */
export const RECORD_STATES = {
  open: '.',
  /** It has ended, and a file holds how: only what follows from it is left to do. */
  ended: 'o',
  /** Nothing is left to do. */
  settled: 's',
  /** A file holds the answer that the client waits for. */
  answered: 'a',
} as const;
export type RecordState = keyof typeof RECORD_STATES;

export interface RecordHead extends JobFacts {
  readonly state: RecordState;
  /** How many attempts have been started. */
  readonly attempts: number;
  /** Where the event begins, from the beginning of the record; the context follows it. */
  readonly eventOffset: number;
  readonly eventBytes: number;
  readonly contextBytes: number;
  /** Length of the whole record. */
  readonly bytes: number;
}

const MAGIC = 'async-http job 2 ';
const ATTEMPT_DIGITS = 3;
const NEWLINE = 0x0a;

/** Where the state is in a record, so that it can be overwritten and read in place. */
export const STATE_OFFSET = MAGIC.length;
/** The same for the number of attempts. */
export const ATTEMPTS_OFFSET = STATE_OFFSET + 2;
const FACTS_OFFSET = ATTEMPTS_OFFSET + ATTEMPT_DIGITS + 1;

/** No head is longer: ids and traces are at most 512 characters each. */
export const MAX_HEAD_BYTES = 4_096;

/** Largest event and context together, in bytes: well above the 6 MB that Lambda lets into a function. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** After the state, instead of a space: the job has failed, so its key is free. */
export const FAILED = 'f';

/** State and attempts of a record that has not been taken up. */
export const UNTOUCHED = '. 000';

export function attemptDigits(attempts: number): string {
  return String(attempts).padStart(ATTEMPT_DIGITS, '0');
}

/** What comes before the event. */
export function formatHead(facts: JobFacts, eventBytes: number, contextBytes: number): string {
  const line = JSON.stringify({ ...facts, eventBytes, contextBytes });
  return `${MAGIC}${UNTOUCHED}\n${line}\n`;
}

/**
 * @param bytes the first {@link MAX_HEAD_BYTES} of a record, or all of it
 * @returns undefined when this is not the beginning of a record
 */
export function parseHead(bytes: Buffer): RecordHead | undefined {
  if (bytes.toString('latin1', 0, STATE_OFFSET) !== MAGIC) return undefined;
  const progress = bytes.toString('latin1', STATE_OFFSET, FACTS_OFFSET);
  const [, stateMark, digits] = /^(.)[ f](\d{3})\n$/.exec(progress) ?? [];
  const state = (Object.keys(RECORD_STATES) as RecordState[]).find(
    (name) => RECORD_STATES[name] === stateMark,
  );
  const factsEnd = bytes.subarray(0, MAX_HEAD_BYTES).indexOf(NEWLINE, FACTS_OFFSET);
  if (state === undefined || factsEnd === -1) return undefined;
  const facts = parseFacts(bytes.toString('utf8', FACTS_OFFSET, factsEnd));
  if (facts === undefined) return undefined;
  const eventOffset = factsEnd + 1;
  return {
    ...facts,
    state,
    attempts: Number(digits),
    eventOffset,
    bytes: eventOffset + facts.eventBytes + facts.contextBytes + 1,
  };
}

type Facts = JobFacts & { readonly eventBytes: number; readonly contextBytes: number };

function parseFacts(line: string): Facts | undefined {
  try {
    const facts = JSON.parse(line);
    const isComplete =
      ['job', 'delivery', 'run'].includes(facts.kind) &&
      isWord(facts.jobId) &&
      isWord(facts.requestId) &&
      Number.isFinite(facts.deadlineMs) &&
      Number.isFinite(facts.acceptedAt) &&
      (facts.traceId === undefined || isWord(facts.traceId)) &&
      (facts.keyHash === undefined || isKeyHash(facts.keyHash)) &&
      isLength(facts.eventBytes) &&
      isLength(facts.contextBytes) &&
      facts.eventBytes + facts.contextBytes <= MAX_BODY_BYTES &&
      (facts.kind !== 'run' || (isWord(facts.originRequestId) && isCount(facts.attempt)));
    return isComplete ? facts : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isLength(value: unknown): boolean {
  return isCount(value) && Number(value) <= MAX_BODY_BYTES;
}
