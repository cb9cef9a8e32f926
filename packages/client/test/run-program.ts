import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

const { NODE_COMPILE_CACHE } = process.env;

/**
 * Runs a program on the package's sources, with these variables only.
 *
 * @returns what it printed, and its exit code
 */
export async function runProgram(
  program: string,
  { env = {}, nodeArguments = [] }: { env?: Record<string, string>; nodeArguments?: string[] } = {},
) {
  const child = spawn(
    process.execPath,
    ['--conditions=@async-http/source', '--no-warnings', ...nodeArguments, ...sourceOf(program)],
    { env: { NODE_COMPILE_CACHE, ...env }, cwd: import.meta.dirname },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const [exitCode] = await once(child, 'close');
  return { output, exitCode };
}

function sourceOf(program: string): string[] {
  if (/^\S+\.\w+$/.test(program)) return [`fixtures/${program}`];
  return [`--input-type=${program.includes('require(') ? 'commonjs' : 'module'}`, '-e', program];
}
