import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

export const FIXTURE_PROJECT = fileURLToPath(new URL('../fixtures/project', import.meta.url));

export interface RunningCli {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code; `null` when a signal ended the program. */
  readonly exitCode: Promise<number | null>;
  /** Resolves with the match as soon as standard output has it. */
  sees(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs the real program from its sources; ended after the test. */
export function runCli(
  args: readonly string[],
  {
    cwd = FIXTURE_PROJECT,
    input = '',
    env: extra = {},
    output,
  }: {
    cwd?: string;
    input?: string;
    env?: Record<string, string>;
    /** File for standard output. */
    output?: string;
  } = {},
): RunningCli {
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--conditions=@async-http/source', CLI, ...args], {
    cwd,
    env: { ...env, ...extra, NO_COLOR: '1' },
    stdio: ['pipe', output === undefined ? 'pipe' : openSync(output, 'w'), 'pipe'],
  });
  let printed = '';
  let stderr = '';
  const stdoutSoFar = () => (output === undefined ? printed : readFileSync(output, 'utf8'));
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin?.end(input);
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exitCode;
  });
  return {
    get stdout() {
      return stdoutSoFar();
    },
    get stderr() {
      return stderr;
    },
    exitCode,
    async sees(pattern) {
      let match: RegExpExecArray | null = null;
      await expect
        .poll(
          () => {
            match = pattern.exec(stdoutSoFar());
            if (!match && child.exitCode !== null)
              throw new Error(`ended early: ${stdoutSoFar()}${stderr}`);
            return match;
          },
          { timeout: 20_000, message: `${pattern} on standard output` },
        )
        .not.toBeNull();
      return match as unknown as RegExpExecArray;
    },
    kill: (signal) => child.kill(signal),
  };
}
