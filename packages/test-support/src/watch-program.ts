import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a program and reads what it prints.
 *
 * @param options with `detached`, Ctrl-C reaches all its processes, as from a terminal.
 */
export function watchProgram(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'detached'>,
) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const waiting = new Set<() => void>();
  const look = () => {
    for (const lookAgain of waiting) lookAgain();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      look();
    });
  }
  const ended = once(child, 'close').then(look);

  /** Resolves with the match as soon as the output has it. */
  function sees(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const lookAgain = () => {
        const match = pattern.exec(output);
        if (match) resolve(match);
        else if (child.exitCode !== null) reject(new Error(`${command} has ended: ${output}`));
        else return;
        waiting.delete(lookAgain);
      };
      waiting.add(lookAgain);
      lookAgain();
    });
  }

  return {
    sees,
    /** Where it serves, as soon as it does. */
    url: async () => (await sees(/http:\/\/127\.0\.0\.1:\d+/))[0],
    /** Ctrl-C, and waits for its end. */
    async close() {
      if (child.exitCode === null && child.pid !== undefined) {
        process.kill(options.detached ? -child.pid : child.pid, 'SIGINT');
      }
      await ended;
    },
  };
}
