import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import {
  ATTEMPTS_OFFSET,
  answerPath,
  attemptDigits,
  FAILED,
  keyPath,
  parseKeyClaim,
  RECORD_STATES,
  type RecordHead,
  type RecordState,
  STATE_OFFSET,
} from '@async-http/client/protocol';
import type { JobBytes } from '../handler-process/handler-process.ts';
import type { Log } from '../output/log.ts';

/** A log that is open for reading and for writing in place. */
export interface OpenLog {
  readonly number: number;
  readonly fd: number;
  readonly inode: number;
  path: string;
  /** Up to where records have been taken in. */
  end: number;
  /** How many of them are not settled. */
  open: number;
}

/** Whether this process's descriptors can be opened by others, also of files that have been deleted. */
const canShareDescriptors = existsSync('/proc/self/fd');

/**
 * A record in a log, until it is settled. What is noted in it never throws: a job that runs is not stopped by a full
 * disk.
 */
export class LogEntry {
  readonly #log: OpenLog;
  readonly #offset: number;
  readonly #head: RecordHead;
  readonly #folder: string;
  readonly #lines: Log;
  #isSettled = false;
  #hasFailed = false;
  #answer: string | undefined;
  readonly #others: LogEntry[] = [];

  constructor(place: {
    log: OpenLog;
    offset: number;
    head: RecordHead;
    folder: string;
    lines: Log;
  }) {
    this.#log = place.log;
    this.#offset = place.offset;
    this.#head = place.head;
    this.#folder = place.folder;
    this.#lines = place.lines;
    place.log.open += 1;
  }

  get head(): RecordHead {
    return this.#head;
  }

  /** Whether nothing is left to do for it. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Whether it is the same record, and not only the same job written once more. */
  isSameRecord(other: LogEntry): boolean {
    return this.#log.inode === other.#log.inode && this.#offset === other.#offset;
  }

  /** Where event and context are, for the handler process to read. */
  get bytes(): JobBytes {
    const { eventOffset, eventBytes, contextBytes } = this.#head;
    if (!canShareDescriptors) return { event: this.readEvent(), context: this.readContext() };
    return {
      file: `/proc/${process.pid}/fd/${this.#log.fd}`,
      offset: this.#offset + eventOffset,
      eventBytes,
      contextBytes,
    };
  }

  readEvent(): Buffer {
    return this.#read(this.#head.eventOffset, this.#head.eventBytes);
  }

  readContext(): Buffer {
    return this.#read(this.#head.eventOffset + this.#head.eventBytes, this.#head.contextBytes);
  }

  /** Notes that this attempt (from 1) begins, before it does. */
  beginAttempt(attempt: number): void {
    this.#note('an attempt of a job could not be counted', () =>
      writeSync(this.#log.fd, attemptDigits(attempt), this.#offset + ATTEMPTS_OFFSET),
    );
  }

  /**
   * Notes how the job ended, before anything follows from it: after a crash it is not run again, only what follows
   * from `outcome` (JSON) is done again. Not needed when `settle()` follows at once.
   */
  recordOutcome(outcome: string): void {
    this.#note('the outcome of a job could not be noted', () => {
      writeWhole(this.#outcomePath, outcome);
      this.#mark('ended');
    });
  }

  /** What an earlier extension has noted; undefined when it is not to be read. */
  readOutcome(): string | undefined {
    try {
      return readFileSync(this.#outcomePath, 'utf8');
    } catch {
      return undefined;
    }
  }

  /** Answers the client that waits for this record. */
  answer(json: string): void {
    this.#answer = json;
    this.#note('a client could not be answered', () => {
      writeWhole(answerPath(this.#folder, this.#log.number, this.#offset), json);
      this.#mark('answered');
    });
    this.#close();
    for (const other of this.#others.splice(0)) other.answer(json);
  }

  /** The same was written once more: it gets the answer of this one, now or later. */
  answerAlso(other: LogEntry): void {
    if (this.#answer === undefined) this.#others.push(other);
    else other.answer(this.#answer);
  }

  /** Another entry stands for the same record. */
  drop(): void {
    this.#close();
  }

  /** The job has failed: its key, if it has one, may be used again. */
  fail(): void {
    this.#hasFailed = true;
    this.#releaseKey();
  }

  /** Also after the state is marked: a client that claims its key late then sees either that mark, or loses its claim here. */
  #releaseKey(): void {
    const { keyHash, jobId } = this.#head;
    if (keyHash === undefined) return;
    const path = keyPath(this.#folder, keyHash);
    try {
      if (!existsSync(path)) return;
      // It may stand for a later job by now.
      const claim = parseKeyClaim(readFileSync(path, 'utf8'));
      if (claim?.jobId === jobId) rmSync(path, { force: true });
    } catch (error) {
      this.#lines.warn(
        'the key of a failed job could not be released, so no other job with it is started until it expires',
        { jobId, error: String(error) },
      );
    }
  }

  /** Nothing is left to do for it. */
  settle(): void {
    this.#note('a settled job could not be marked', () => {
      this.#mark('settled');
      if (this.#head.state === 'ended' || existsSync(this.#outcomePath)) {
        rmSync(this.#outcomePath, { force: true });
      }
    });
    this.#close();
  }

  get #outcomePath(): string {
    return `${this.#folder}/outcome.${this.#log.number}.${this.#offset}`;
  }

  #close(): void {
    if (!this.#isSettled) this.#log.open -= 1;
    this.#isSettled = true;
  }

  #mark(state: RecordState): void {
    const mark = RECORD_STATES[state] + (this.#hasFailed ? FAILED : '');
    writeSync(this.#log.fd, mark, this.#offset + STATE_OFFSET);
    if (this.#hasFailed) this.#releaseKey();
  }

  #read(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    const read = readSync(this.#log.fd, bytes, 0, length, this.#offset + offset);
    return bytes.subarray(0, read);
  }

  #note(what: string, effect: () => void): void {
    try {
      effect();
    } catch (error) {
      this.#lines.warn(`${what}, so after a crash it may run again, or be lost`, {
        jobId: this.#head.jobId,
        error: String(error),
      });
    }
  }
}

/** Others see the whole of it, or nothing. */
function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.tmp`;
  mkdirSync(dirname(path), { recursive: true }); // The function may have emptied /tmp.
  const fd = openSync(unfinished, 'w', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
  } finally {
    closeSync(fd);
  }
  renameSync(unfinished, path);
}
