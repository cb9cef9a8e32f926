import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Name of the bell in a {@link stateBases} folder. */
const BELL = 'async-http.bell';
/** Name of the folder for logs and answers in a {@link stateBases} folder. */
const STATE = 'async-http';

/**
 * Where the launcher keeps what it shares with the function, first choice first: in `TMPDIR` where that is a
 * folder that can be written, else in `/tmp`, which Lambda gives every environment and keeps when it resets one. Below
 * `/mnt` are file systems that environments share.
 */
export function stateBases({ TMPDIR = '' }: Environment): string[] {
  return /^\/(?!mnt\/)/.test(TMPDIR) ? [TMPDIR, '/tmp'] : ['/tmp'];
}

/** The bell: a FIFO, or, where none could be made, a file that is only appended to. */
export function bellPath(base: string): string {
  return join(base, BELL);
}

/** The folder of the logs and of everything that is answered. Whoever needs it first makes it, with mode 0700. */
export function stateFolder(base: string): string {
  return join(base, STATE);
}

/** The log number `log`, from 1; a process that hands off has one at a time. */
export function logPath(folder: string, log: number): string {
  return join(folder, `log.${log}`);
}

/** Where the extension answers the record at `offset` of a log; JSON. */
export function answerPath(folder: string, log: number, offset: number): string {
  return join(folder, `answer.${log}.${offset}`);
}

/** While it exists, every hand-off is refused with the {@link Refusal} in it; JSON. */
export function refusalPath(folder: string): string {
  return join(folder, 'refusal');
}

/** The deadline of the request that holds the environment, in ms since the epoch; written when a lease is taken. */
export function deadlinePath(folder: string): string {
  return join(folder, 'deadline');
}
