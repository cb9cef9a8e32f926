import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { formatRing, type Ring } from '../protocol/bell.ts';
import { bellPath, stateBases } from '../protocol/places.ts';
import { threadId } from '../thread-id.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Only a wait on memory that nobody changes sleeps without the event loop. */
const never = /* @__PURE__ */ new Int32Array(/* @__PURE__ */ new SharedArrayBuffer(4));
const PAUSE_MS = 1;

/** The extension reads a line in far less than a millisecond, but at 128 MB it may wait for the CPU. */
const PATIENCE_MS = 3_000;

/** The bell does not take a line: nobody listens, or nobody has made room in time. */
export class BellError extends Error {
  readonly path: string;
  readonly isBusy: boolean;
  readonly limitMs = PATIENCE_MS;

  constructor(path: string, cause: unknown) {
    super(undefined, { cause });
    this.path = path;
    this.isBusy = (cause as NodeJS.ErrnoException).code === 'EAGAIN';
  }
}

/** The way to the extension: a FIFO, written to by one short blocking call. */
export class Bell {
  /** Names this thread of this process in every line. */
  readonly instance = `${process.pid}.${threadId()}`;
  readonly #env: Environment;
  #fd: number | undefined;
  #base = '/tmp';
  #isAnnounced = false;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Whether somebody listens. */
  get isThere(): boolean {
    try {
      this.connect();
      return true;
    } catch {
      return false;
    }
  }

  /** Where bell and logs are. To be asked when the bell has been rung. */
  get base(): string {
    return this.#base;
  }

  /** Tells the extension that this process has the client; `seesEnds` when it also rings the end of each request. */
  announce(seesEnds: boolean): void {
    this.ring({ type: 'announce', instance: this.instance, seesEnds });
    this.#isAnnounced = true;
  }

  /** @throws {BellError} */
  ring(ring: Ring): void {
    let fd = this.connect();
    if (!this.#isAnnounced && ring.type !== 'announce') this.announce(false);
    // The launcher's time limit can hide the end of a line from it; so the next one begins with another.
    let line = `\n${formatRing(ring)}`;
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (true) {
      try {
        // A FIFO takes it whole or not at all; a file on a disk that becomes full takes a part first.
        line = line.slice(writeSync(fd, line));
        if (line === '') return;
      } catch (cause) {
        const error = new BellError(bellPath(this.#base), cause);
        if (!error.isBusy) this.#fd = undefined;
        // The function has closed our descriptor by mistake. Its number may belong to another file now, so it is not closed.
        if ((cause as NodeJS.ErrnoException).code === 'EBADF') {
          fd = this.connect();
          continue;
        }
        if (!error.isBusy) closeSync(fd);
        if (!error.isBusy || Date.now() > giveUpAt) throw error;
        Atomics.wait(never, 0, 0, PAUSE_MS);
      }
    }
  }

  /** @throws {BellError} when nobody listens */
  connect(): number {
    if (this.#fd !== undefined) return this.#fd;
    const { O_WRONLY, O_APPEND, O_NONBLOCK } = constants;
    let failure: unknown;
    for (const base of stateBases(this.#env)) {
      try {
        // Without a reader, a FIFO refuses this at once.
        this.#fd = openSync(bellPath(base), O_WRONLY | O_APPEND | O_NONBLOCK);
        this.#base = base;
        return this.#fd;
      } catch (cause) {
        failure = cause;
      }
    }
    throw new BellError(bellPath('/tmp'), failure);
  }
}
