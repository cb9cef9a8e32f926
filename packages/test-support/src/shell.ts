import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname } from 'node:path';
import { watchProgram } from './watch-program.ts';

/** As in a terminal of a user that has this Node.js, and has installed the same packages before. */
const environment = () => ({
  ...Object.fromEntries(
    // By these, programs find out that they run in a test or below pnpm.
    Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_ENV$|npm_)/.test(name)),
  ),
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  NO_COLOR: '1',
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
});

/**
 * Runs commands of a shell in a folder to their end.
 *
 * @returns what they write to standard output
 * @throws with all that they write, when one fails
 */
export async function runShell(cwd: string, commands: string): Promise<string> {
  const child = spawn('sh', ['-ec', commands], {
    cwd,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let all = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    all += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${commands}: exit code ${code}\n${all}`);
  return stdout;
}

/** Starts commands that do not end by themselves. `close()` is Ctrl-C, which reaches all their processes. */
export function startShell(cwd: string, commands: string) {
  return watchProgram('sh', ['-ec', commands], { cwd, env: environment(), detached: true });
}
