import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../emulator/src/cli.ts');

/** The emulator's `dev` on a free port, as a separate process. */
export function startDev(projectFile: string) {
  const child = spawn(
    process.execPath,
    ['--conditions=@async-http/source', CLI, 'dev', projectFile, '--port', '0'],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
  );
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const look of waiting) look();
    });
  }
  const ended = once(child, 'close').then(() => {
    for (const look of waiting) look();
  });

  /** Resolves with the match as soon as the output has it. */
  function sees(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match) resolve(match);
        else if (child.exitCode !== null) reject(new Error(`dev has ended: ${output}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
  }

  return {
    sees,
    /** Where its routes are, as soon as they are. */
    url: async () => (await sees(/http:\/\/127\.0\.0\.1:\d+/))[0],
    async close() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
