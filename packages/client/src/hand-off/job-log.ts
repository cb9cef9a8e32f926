import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { JournalUnwritableError } from '../errors.ts';
import {
  FAILED,
  formatHead,
  type JobFacts,
  logPath,
  type Ring,
  STATE_OFFSET,
  stateFolder,
  UNTOUCHED,
} from '../protocol/index.ts';
import { shared } from '../shared.ts';
import type { Bell } from './bell.ts';
import { tell } from './tell.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a record is. */
export interface Place {
  readonly log: number;
  readonly offset: number;
}

/** A record to be written; its id is known when it is. */
export type NewRecord = Omit<JobFacts, 'jobId'> & { readonly jobId?: string };

interface OpenLog {
  readonly number: number;
  readonly path: string;
  readonly fd: number;
  readonly inode: number;
  /** Where the next record goes: nobody else writes here. */
  end: number;
  /** Where records are that have been handed off. */
  readonly offsets: number[];
}

/** Records of this size are joined and written in one call; joining larger ones would cost more than a second call. */
const JOINED_BYTES = 64 * 1024;

const REMEMBERED_REQUESTS = 2_000;

/**
 * The file in which this process writes what it hands off. A record is handed off when it is in the log *and* the bell
 * has been rung, in this order; neither waits for anybody.
 */
export class JobLog {
  readonly #bell: Bell;
  readonly #isRuntime: boolean;
  #log: OpenLog | undefined;
  readonly #left: OpenLog[] = [];
  #lastNumber = 0;
  /** How many jobs each of the latest requests has handed off: Lambda may repeat a request with its id. */
  readonly #jobs = new Map<string, number>();

  /** @param isRuntime whether this is the process that runs the function; others have longer job ids */
  constructor(bell: Bell, isRuntime: boolean) {
    this.#bell = bell;
    this.#isRuntime = isRuntime;
  }

  /** The folder of the log, once something has been appended. */
  get folder(): string {
    return stateFolder(this.#bell.base);
  }

  /**
   * Hands a record off.
   *
   * @param event and `context`, as JSON
   * @throws {JournalUnwritableError} nothing was handed off
   * @throws {ExtensionUnreachableError} nothing was handed off, and no part of it will run
   */
  append(
    record: NewRecord,
    event: string,
    context: string,
    lengths: { readonly eventBytes: number; readonly contextBytes: number },
  ): { jobId: string; place: Place } {
    tell(() => this.#bell.connect()); // Its folder is ours too.
    let { jobId } = record;
    // The extension retires a log with a large record as soon as it can: it would often be written twice.
    if (lengths.eventBytes > JOINED_BYTES && this.#log && !isInPlace(this.#log)) this.#leave();
    while (true) {
      const log = this.#current();
      jobId ??= this.#nextId(record.requestId, log);
      const head = formatHead({ ...record, jobId }, lengths.eventBytes, lengths.contextBytes);
      const offset = log.end;
      const bytes = Buffer.byteLength(head) + lengths.eventBytes + lengths.contextBytes + 1;
      this.#write(log, bytes, head, event, `${context}\n`);
      try {
        const ring: Ring = {
          type: 'job',
          instance: this.#bell.instance,
          log: log.number,
          fd: log.fd,
          offset,
          bytes,
          jobId,
        };
        tell(() => this.#bell.ring(ring));
        log.offsets.push(offset);
      } catch (error) {
        this.#cut(log, offset); // The caller gets an error, so it must not run later either.
        throw error;
      }
      // The extension retires a log by renaming it, and functions empty /tmp. What was appended after that is
      // appended again: the extension runs a job once, however often it is rung.
      if (isInPlace(log)) return { jobId, place: { log: log.number, offset } };
      this.#leave();
    }
  }

  /** `<awsRequestId>.<n>`, unique in the environment. */
  #nextId(requestId: string, log: OpenLog): string {
    const count = (this.#jobs.get(requestId) ?? 0) + 1;
    this.#jobs.set(requestId, count);
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size > REMEMBERED_REQUESTS && oldest !== undefined) this.#jobs.delete(oldest);
    return `${requestId}.${this.#prefixIn(log)}${count}`;
  }

  /** The state of the record at this place, as its mark; undefined when its log is no longer open. */
  stateMark(place: Place): string | undefined {
    return this.#progressAt(place)?.[0];
  }

  /** Whether the job at this place is known to have failed. */
  hasFailed(place: Place): boolean {
    return this.#progressAt(place)?.[1] === FAILED;
  }

  #progressAt({ log, offset }: Place): string | undefined {
    const found = [this.#log, ...this.#left].find((open) => open?.number === log);
    return found && progressAt(found, offset);
  }

  /**
   * Makes job ids unique in the environment. The function's process can begin again, and then its first log may still
   * be there; a child process or a thread may find that the number of a log is free again.
   */
  #prefixIn({ number }: OpenLog): string {
    if (!this.#isRuntime) return `${this.#bell.instance}-`;
    return number === 1 ? '' : `${number}-`;
  }

  #current(): OpenLog {
    if (this.#log) return this.#log;
    const { folder } = this;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      while (true) {
        this.#lastNumber += 1;
        const path = logPath(folder, this.#lastNumber);
        const fd = openUnlessThere(path);
        if (fd === undefined) continue; // Of another process.
        const inode = fstatSync(fd).ino;
        this.#log = { number: this.#lastNumber, path, fd, inode, end: 0, offsets: [] };
        return this.#log;
      }
    } catch (cause) {
      throw new JournalUnwritableError({ folder, cause });
    }
  }

  #write(log: OpenLog, bytes: number, ...parts: string[]): void {
    try {
      for (const part of bytes <= JOINED_BYTES ? [parts.join('')] : parts) writeAll(log.fd, part);
      log.end += bytes;
    } catch (cause) {
      this.#cut(log, log.end);
      throw new JournalUnwritableError({ folder: this.folder, cause });
    }
  }

  /** Takes back what is behind `end`; where that fails, the log is left to the extension. */
  #cut(log: OpenLog, end: number): void {
    try {
      ftruncateSync(log.fd, end);
      log.end = end;
    } catch {
      this.#leave();
    }
  }

  /** The extension may still have to read a deleted log, through this process's descriptor. */
  #leave(): void {
    const logs = this.#left.splice(0).concat(this.#log ?? []);
    this.#log = undefined;
    for (const log of logs) {
      try {
        if (log.offsets.some((at) => progressAt(log, at) === UNTOUCHED)) this.#left.push(log);
        else closeSync(log.fd);
      } catch {
        // The function has closed our descriptor by mistake.
      }
    }
  }
}

/** The one of this thread. */
export function jobLog(env: Environment): JobLog {
  const state = shared(env);
  state.log ??= new JobLog(state.bell, state.isRuntime);
  return state.log as JobLog;
}

/** Whether it has its name, and nobody else has written there. */
function isInPlace({ path, inode, end }: OpenLog): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.ino === inode && found.size === end;
}

function progressAt({ fd }: OpenLog, offset: number): string {
  const progress = Buffer.alloc(UNTOUCHED.length);
  readSync(fd, progress, { position: offset + STATE_OFFSET });
  return progress.toString();
}

function openUnlessThere(path: string): number | undefined {
  try {
    return openSync(path, 'ax+', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** A disk that becomes full takes a part first, and says so only at the next write. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
}
