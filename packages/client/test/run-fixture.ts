import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Starts a program of `fixtures/` on the package's sources. `ended` resolves to what it printed and its exit code. */
export function runFixture(name: string, env: Record<string, string>) {
  const program = fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    ['--conditions=@async-http/source', '--no-warnings', program],
    { env },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close').then(([exitCode]) => ({ output, exitCode }));
  return { child, ended };
}
