import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a program may take to end after a signal, before it is killed. */
const GRACE_MS = 10_000;

/** Two signals closer than this are one. */
const ECHO_MS = 500;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @type {NodeJS.Signals | undefined} */
let interruptedBy;
let interruptedAt = Number.NEGATIVE_INFINITY;

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => interrupt(signal));
}

/** Thrown by `run()` when the program could not be started. */
export class ProgramMissingError extends Error {
  name = 'ProgramMissingError';
  code = 'ASYNC_HTTP_PROGRAM_MISSING';

  constructor({ command, cause }) {
    super(
      `${command} cannot be started (${cause.code}). It comes with Node.js and npm: is it on the PATH?`,
      { cause },
    );
  }
}

/**
 * Runs a program to its end, in its own process group: Ctrl-C then reaches it once, through us,
 * and nothing that it started is left behind. After Ctrl-C this script ends too, as a shell would.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Pick<import('node:child_process').SpawnOptions, 'stdio' | 'env' | 'cwd'> & { onOutput?: (chunk: Buffer) => void }} options
 * @returns {Promise<number>} the exit code; 128 + n when the program died of signal n.
 */
export async function run(command, args, { onOutput, ...options }) {
  const child = spawn(command, args, { ...options, detached: true });
  child.stdout?.on('data', onOutput);
  child.stderr?.on('data', onOutput);
  running.add(child);
  try {
    const [code, signal] = await once(child, 'close');
    if (interruptedBy !== undefined) {
      await groupEnded(child);
      process.exit(128 + constants.signals[interruptedBy]);
    }
    return code ?? 128 + constants.signals[signal];
  } catch (cause) {
    throw new ProgramMissingError({ command, cause });
  } finally {
    running.delete(child);
  }
}

/** Passes a signal on. The second one means that somebody is tired of waiting. */
function interrupt(signal) {
  const now = Date.now();
  // Ctrl-C comes twice within a moment: from the terminal, and from npm, which passes it on.
  const isEcho = now - interruptedAt < ECHO_MS;
  const isSecond = interruptedBy !== undefined && !isEcho;
  interruptedBy ??= signal;
  interruptedAt = now;
  if (running.size === 0) {
    process.exit(128 + constants.signals[signal]);
  }
  if (isEcho) {
    return;
  }
  for (const child of running) {
    kill(child, isSecond ? 'SIGKILL' : signal);
    setTimeout(kill, GRACE_MS, child, 'SIGKILL').unref();
  }
}

/** npx ends before the pnpm that it started: wait for the last of the group. */
async function groupEnded(child) {
  const killAt = Date.now() + GRACE_MS;
  while (kill(child, 0)) {
    if (Date.now() > killAt) {
      kill(child, 'SIGKILL');
    }
    await sleep(50);
  }
}

/** @returns {boolean} whether a process of the child's group was there to get the signal. */
function kill(child, signal) {
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}
