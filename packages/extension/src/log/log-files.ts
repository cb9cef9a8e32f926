import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import {
  logPath,
  MAX_HEAD_BYTES,
  parseHead,
  pidOf,
  type RecordHead,
  type Ring,
} from '@async-http/client/protocol';
import type { Log } from '../output/log.ts';
import { LogEntry, type OpenLog } from './log-entry.ts';

type JobRing = Extract<Ring, { type: 'job' }>;

/** A log of this size is retired when nothing in it is open. */
const RETIRE_BYTES = 1024 * 1024;

/** A log of this size is continued in another one, though some of it is open: on a busy instance, some always is. */
const LONGEST_BYTES = 32 * 1024 * 1024;

/** Beyond so many logs, one of any size is retired: threads and processes that come and go leave one each. */
const MOST_LOGS = 64;

const NEWLINE = 0x0a;
const RECORD_START = Buffer.from('\nasync-http job ');

/** How much of a damaged log is looked at in one step. */
const LOOK_AT_BYTES = 64 * 1024;

/** The logs of the client processes of this environment: reads what they hand off, and keeps what becomes of it. */
export class LogFiles {
  readonly #folder: string;
  readonly #lines: Log;
  readonly #logs = new Map<number, OpenLog>();
  #lastKey = 0;
  readonly #head = Buffer.alloc(MAX_HEAD_BYTES);
  readonly #byte = Buffer.alloc(1);

  /** @param folder below /tmp, which Lambda keeps when it resets an environment */
  constructor({ folder, lines }: { folder: string; lines: Log }) {
    this.#folder = folder;
    this.#lines = lines;
  }

  /** The record that was rung; undefined when it is nowhere to be found. */
  find({ log, offset, bytes, instance, fd, jobId }: JobRing): LogEntry | undefined {
    const places = [
      () => this.#logs.get(log),
      () => this.#open(log, logPath(this.#folder, log)),
      // The function has emptied /tmp: its process still has the file.
      () => this.#open(log, `/proc/${pidOf(instance)}/fd/${fd}`),
    ];
    for (const place of places) {
      const found = place();
      const head = found && this.#readHead(found.fd, offset);
      const isIt = head?.jobId === jobId && head.bytes === bytes;
      if (found && isIt && this.#isWhole(found.fd, offset, head)) {
        const known = this.#logs.get(log);
        if (known && known !== found) this.#logs.set(this.#freeKey(), known);
        this.#logs.set(log, found);
        found.end = Math.max(found.end, offset + bytes);
        return this.#entry(found, offset, head);
      }
      if (found && this.#logs.get(log) !== found) closeSync(found.fd);
    }
    return undefined;
  }

  /** Records whose ring has not been read, or never will be: their process has died in between. */
  *unheard(): Generator<LogEntry> {
    for (const name of this.#namesOfLogs()) {
      const number = Number(name.split('.')[1]);
      const path = join(this.#folder, name);
      const known = this.#logs.get(number);
      const log = known?.inode === inodeOf(path) ? undefined : this.#open(number, path);
      if (!log) continue;
      // A log that was deleted may have had its number.
      this.#logs.set(known ? this.#freeKey() : number, log);
    }
    for (const log of this.#logs.values()) yield* this.#readOn(log);
  }

  /**
   * What earlier extensions of this environment have left: every record that is not settled. To be called once,
   * before anything is found.
   *
   * @param names of their logs; without it, all logs are theirs
   */
  *recover(names?: readonly string[]): Generator<LogEntry> {
    for (const name of names?.filter(isLogName) ?? this.#namesOfLogs()) {
      const path = join(this.#folder, name);
      const log = this.#open(Number(name.split('.')[1]), path);
      if (!log) continue;
      yield* this.#readOn(log);
      if (log.open === 0) {
        rmSync(path, { force: true });
        closeSync(log.fd);
      } else {
        // Its client is gone: nothing is appended to it any more, and no process of ours takes its name.
        this.#logs.set(this.#freeKey(), log);
      }
    }
  }

  /**
   * Gets rid of large logs: first the name, so that the client begins another one, and the rest when nothing in it is
   * open. A client that appends meanwhile sees that the name is gone, and hands off again: so what it has appended is
   * taken in before anything is deleted.
   */
  retire(): void {
    const retireBytes = this.#logs.size > MOST_LOGS ? 0 : RETIRE_BYTES;
    for (const [key, log] of this.#logs) {
      try {
        const { size, nlink } = fstatSync(log.fd);
        if (size > log.end) continue; // Its bell is being rung.
        const isInUse = key > 0 && nlink > 0 && !isRetired(log);
        if (isInUse && size < (log.open > 0 ? LONGEST_BYTES : retireBytes)) continue;
        if (isInUse && !this.#rename(log)) continue;
        // What has come since then is handed off again.
        if (log.open > 0 || fstatSync(log.fd).size > log.end) continue;
        if (nlink > 0) rmSync(log.path, { force: true });
        closeSync(log.fd);
        this.#logs.delete(key);
      } catch (error) {
        this.#lines.debug(`${log.path} could not be retired: ${error}`);
      }
    }
  }

  #rename(log: OpenLog): boolean {
    const retired = join(this.#folder, `retired.${log.number}`);
    if (existsSync(retired)) return false; // Left by an earlier extension, and still open.
    renameSync(log.path, retired);
    log.path = retired;
    return true;
  }

  /** For a log whose number belongs to another one now. */
  #freeKey(): number {
    this.#lastKey -= 1;
    return this.#lastKey;
  }

  *#readOn(log: OpenLog): Generator<LogEntry> {
    while (true) {
      const offset = log.end;
      const { size } = fstatSync(log.fd);
      if (offset >= size) return;
      const head = this.#readHead(log.fd, offset);
      const next = this.#nextRecord(log.fd, offset, size);
      const end = offset + (head?.bytes ?? 0);
      if (!head || !this.#isWhole(log.fd, offset, head) || (next !== undefined && next < end)) {
        log.end = next ?? size;
        // At the end of a log a record may be half-written, which was never accepted.
        if (next === undefined && this.#isBeginning(log.fd, offset)) return;
        this.#lines.error(
          `${log.path}: ${log.end - offset} bytes from ${offset} on are not a job; something else has written there`,
        );
        continue;
      }
      log.end = end;
      if (head.state === 'settled' || head.state === 'answered') continue;
      yield this.#entry(log, offset, head);
    }
  }

  #entry(log: OpenLog, offset: number, head: RecordHead): LogEntry {
    return new LogEntry({ log, offset, head, folder: this.#folder, lines: this.#lines });
  }

  #open(number: number, path: string): OpenLog | undefined {
    try {
      const fd = openSync(path, 'r+');
      const found = fstatSync(fd);
      if (found.isFile()) return { number, fd, inode: found.ino, path, end: 0, open: 0 };
      closeSync(fd);
      return undefined;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') {
        this.#lines.error(`${path} cannot be read (${code}), so jobs in it are not found`);
      }
      return undefined;
    }
  }

  #readHead(fd: number, offset: number): RecordHead | undefined {
    const bytes = readSync(fd, this.#head, 0, this.#head.length, offset);
    return parseHead(this.#head.subarray(0, bytes));
  }

  /** Whether a record ends where its head says, with the end of a line. */
  #isWhole(fd: number, offset: number, { bytes }: RecordHead): boolean {
    return readSync(fd, this.#byte, 0, 1, offset + bytes - 1) === 1 && this.#byte[0] === NEWLINE;
  }

  /** Whether a record begins there, if only in part. */
  #isBeginning(fd: number, offset: number): boolean {
    const start = RECORD_START.subarray(1);
    const bytes = readSync(fd, this.#head, 0, start.length, offset);
    return start.subarray(0, bytes).equals(this.#head.subarray(0, bytes));
  }

  /** Where the next record begins. JSON has no line ends inside, so no event can look like one. */
  #nextRecord(fd: number, from: number, size: number): number | undefined {
    const chunk = Buffer.alloc(Math.min(size - from, LOOK_AT_BYTES));
    for (let at = from; at < size; at += chunk.length - RECORD_START.length) {
      const bytes = readSync(fd, chunk, 0, chunk.length, at);
      const found = chunk.subarray(0, bytes).indexOf(RECORD_START);
      if (found !== -1) return at + found + 1;
      if (bytes < chunk.length || at + bytes >= size) return undefined;
    }
    return undefined;
  }

  #namesOfLogs(): string[] {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      return readdirSync(this.#folder).filter(isLogName).sort();
    } catch (error) {
      this.#lines.error(`${this.#folder} cannot be read, so jobs in it are not found: ${error}`);
      return [];
    }
  }
}

function isLogName(name: string): boolean {
  return /^(log|retired)\.\d+$/.test(name);
}

function isRetired({ path }: OpenLog): boolean {
  return basename(path).startsWith('retired.');
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
