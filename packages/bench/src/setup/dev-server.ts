import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { FUNCTION_FOLDER } from './function-folder.ts';
import { startProgram } from './start-program.ts';

const PACKAGE = createRequire(import.meta.url).resolve('@async-http/emulator/package.json');

/** `dev` of the emulator, from its published build. */
export interface DevServer {
  /** Resolves with the address that it says it listens on. */
  readonly url: Promise<string>;
  /** Of its page. */
  readonly timelineUrl: Promise<string>;
  readonly pid: number;
  /** Ctrl-C. */
  stop(): Promise<void>;
}

/** @param project the folder or file to serve; without it, that of the functions */
export function startDevServer(
  project = join(FUNCTION_FOLDER, 'serverless.yml'),
  ...options: readonly string[]
): DevServer {
  const { bin } = JSON.parse(readFileSync(PACKAGE, 'utf8'));
  const cli = join(PACKAGE, '..', bin['async-http-emulator']);
  const program = startProgram(process.execPath, [cli, 'dev', project, '--port', '0', ...options], {
    PATH: process.env.PATH,
  });
  const lines = createInterface(program.stdout);
  return {
    url: urlSaidIn(lines, /(http:\/\/127\.0\.0\.1:\d+)/),
    timelineUrl: urlSaidIn(lines, / {2}Timeline (http:\/\/127\.0\.0\.1:\d+)/),
    pid: program.pid,
    async stop() {
      process.kill(program.pid, 'SIGINT');
      await program.ended;
    },
  };
}

function urlSaidIn(lines: Interface, pattern: RegExp): Promise<string> {
  const url = Promise.withResolvers<string>();
  lines.on('line', (line) => {
    const [, found] = pattern.exec(line) ?? [];
    if (found !== undefined) url.resolve(found);
  });
  lines.once('close', () => url.reject(new Error('`dev` has ended before it served anything.')));
  // Not everybody looks at each of them.
  url.promise.catch(() => {});
  return url.promise;
}
