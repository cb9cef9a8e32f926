import { constants, openSync, writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { ExtensionUnreachableError } from '../errors.ts';
import { bellPath, formatRing, type Ring, stateBases } from '../protocol/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Only a wait on memory that nobody changes sleeps without the event loop. */
const never = new Int32Array(new SharedArrayBuffer(4));
const PAUSE_MS = 1;

/** The extension reads a line in far less than a millisecond, but at 128 MB it may wait for the CPU. */
const PATIENCE_MS = 3_000;

/** The way to the extension: a FIFO, written to by one short blocking call. */
export class Bell {
  /** Names this thread of this process in every line. */
  readonly instance = `${process.pid}.${threadId}`;
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
    this.#isAnnounced = true;
    this.ring({ type: 'announce', instance: this.instance, seesEnds });
  }

  /** @throws {ExtensionUnreachableError} */
  ring(ring: Ring): void {
    const fd = this.connect();
    if (!this.#isAnnounced) this.announce(false);
    const line = formatRing(ring);
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (true) {
      try {
        writeSync(fd, line); // At most 4,096 bytes: all or nothing.
        return;
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        if (code !== 'EAGAIN') this.#fd = undefined;
        if (code !== 'EAGAIN' || Date.now() > giveUpAt)
          throw unreachable(bellPath(this.#base), cause);
        Atomics.wait(never, 0, 0, PAUSE_MS);
      }
    }
  }

  /** @throws {ExtensionUnreachableError} when nobody listens */
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
    throw unreachable(bellPath('/tmp'), failure);
  }
}

function unreachable(path: string, cause: unknown): ExtensionUnreachableError {
  const { code } = cause as NodeJS.ErrnoException;
  const reason = code === 'EAGAIN' ? 'no-answer' : 'not-listening';
  return new ExtensionUnreachableError({ reason, path, limitMs: PATIENCE_MS, cause });
}
