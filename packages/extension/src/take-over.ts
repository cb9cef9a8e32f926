import { readFileSync, writeSync } from 'node:fs';
import type { LifecycleEvent, Registration } from './lambda/extensions-api.ts';

/** How the launcher has started this process. */
export interface Launch {
  /** Undefined when nobody has registered yet, and nothing has happened. */
  readonly registration: Registration | undefined;
  /** The FIFO; undefined where none could be made. */
  readonly bellFd: number | undefined;
  /** Whether it holds an event, so that there is time to load what comes later. */
  readonly isHeld: boolean;
}

/** What has happened before this process takes over. */
export interface Known {
  /** The event that is being held; undefined before the first one. */
  readonly event: LifecycleEvent | undefined;
  /** What was rung, as far as it still matters. */
  readonly lines: readonly string[];
  /** Requests whose hold has ended before their end was heard. */
  readonly owed: readonly string[];
  /** Names of the logs that an earlier extension has left. */
  readonly left: readonly string[];
}

const NOTHING: Known = { event: undefined, lines: [], owed: [], left: [] };

/** Where the launcher writes what it knows. Not standard input, which the AWS SDK sets to not wait. */
const KNOWN_FD = 7;

/** What tells the launcher that this process has loaded. */
const LOADED = '\nN\n';

/** Reads the launcher's variables, and removes them: what is started from here on must not see them. */
export function readLaunch(env: NodeJS.ProcessEnv): Launch {
  const take = (name: string): string | undefined => {
    const value = env[`_ASYNC_HTTP_${name}`];
    delete env[`_ASYNC_HTTP_${name}`];
    return value || undefined;
  };
  const identifier = take('IDENTIFIER');
  const handler = take('HANDLER') ?? '';
  const bell = take('BELL');
  const isHeld = take('HOLDS') !== undefined;
  take('LAUNCHER');
  return {
    registration: identifier === undefined ? undefined : { identifier, handler },
    bellFd: bell === undefined ? undefined : Number(bell),
    isHeld,
  };
}

/**
 * Takes over from a launcher that has registered: it has held until now, and from here on it only waits for the end of
 * this process. Nothing may follow that keeps this thread busy for long, because the deadline is kept by it.
 */
export function takeOver(
  { registration, bellFd }: Omit<Launch, 'isHeld'>,
  knownFd = KNOWN_FD,
): Known {
  if (!registration || bellFd === undefined) return NOTHING;
  writeSync(bellFd, LOADED);
  // Not with an encoding: where a pipe brings more than 56 KiB in small pieces, Node.js 24.21 then writes past a buffer,
  // and aborts.
  return parseKnown(readFileSync(knownFd).toString());
}

/**
 * Each value ends with a NUL, and an empty one ends each list.
 *
 * @throws {Error} when it ends before: the launcher has died, and Lambda will start every process anew. To
 *   continue would mean to let go of an event that is held, with its jobs.
 */
export function parseKnown(text: string): Known {
  const [event, ...values] = text.split('\0').slice(0, -1);
  const next = () => {
    const end = values.indexOf('');
    if (end === -1) throw new Error('the launcher has died before Node.js took over');
    return values.splice(0, end + 1).slice(0, -1);
  };
  return {
    event: event ? JSON.parse(event) : undefined,
    lines: next(),
    owed: next(),
    left: next(),
  };
}
