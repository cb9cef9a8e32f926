import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ServiceProgram {
  /** What the service is called in errors. */
  readonly name: string;
  /** An ES module that starts the service on loopback and passes its URL to `ready()`. */
  readonly source: string;
  /** `process.argv` from 1 on. */
  readonly args: readonly string[];
  /** Where packages are found from. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

// Ctrl-C in a terminal reaches all processes there, but this one is needed until the last function has ended.
const PREAMBLE = `
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  const ready = (url) => process.send(url);
`;

/** A server in its own process, which starts while other things do and ends with this one. */
export class ServiceProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  /** Where it listens; rejects when it has ended before that. */
  readonly url: Promise<string>;

  constructor({ name, source, args, cwd, env = process.env }: ServiceProgram) {
    this.#name = name;
    this.#child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', PREAMBLE + source, ...args],
      { cwd, env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
    );
    this.url = this.#listening();
    this.url.catch(() => undefined);
  }

  async #listening(): Promise<string> {
    let stderr = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-2000);
    });
    const ended = new AbortController();
    const failed = Promise.withResolvers<never>();
    this.#child.once('exit', () =>
      failed.reject(new Error(`${this.#name} has ended: ${stderr.trim()}`)),
    );
    try {
      const message = once(this.#child, 'message', { signal: ended.signal });
      message.catch(() => undefined);
      const [url] = (await Promise.race([message, failed.promise])) as [string];
      return url;
    } finally {
      ended.abort();
      failed.promise.catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
