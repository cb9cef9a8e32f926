import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type Known, parseKnown } from '../../src/take-over.ts';
import { type ApiOptions, startExtensionsApi } from './extensions-api.ts';

const SCRIPT = new URL('../../src/launcher/async-http', import.meta.url).pathname;

export const BASH = programNamed('bash');

/** Every bash that is tried: the machine's, and those of the variable (`5.0=/path:5.1=/path`). */
const BASHES: [string, string][] = [
  ['the bash of this machine', BASH],
  ...(process.env.ASYNC_HTTP_BASHES ?? '')
    .split(':')
    .filter((entry) => entry !== '')
    .map((entry): [string, string] => {
      const [version = '', path = ''] = entry.split('=');
      return [`bash ${version}`, path];
    }),
];

/** Each way in which `#!/bin/sh` reads the script. */
export const SHELLS: { name: string; options: Pick<LauncherOptions, 'shell' | 'bash'> }[] =
  BASHES.flatMap(([name, bash]) => [
    { name, options: { bash } },
    { name: `${name} as sh`, options: { bash, shell: { program: bash, as: 'sh' as const } } },
    {
      name: `another sh, which finds ${name}`,
      options: { bash, shell: { program: programNamed('dash'), as: 'sh' as const } },
    },
  ]);

function programNamed(name: string): string {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

export interface LauncherOptions extends ApiOptions {
  /** Program that reads the script, as `bash` or `sh` of the environment. Default: bash. */
  readonly shell?: { readonly program: string; readonly as: 'bash' | 'sh' };
  /** The `bash` that is found in `PATH`; none where it is undefined. Default: the machine's. */
  readonly bash?: string | undefined;
  readonly hasNode?: boolean;
  /** Node.js loads only when `nodeLoads()` is called. Default: at once. */
  readonly lateNode?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Changes the script. */
  readonly edit?: (script: string) => string;
  /** Other files in `/opt/extensions`. */
  readonly extensions?: readonly string[];
  /** Makes something in the folder for temporary files before it starts. */
  readonly prepare?: (base: string) => void;
}

/** What Node.js was started with, and what it was given when it had loaded. */
export interface TakeOver extends Known {
  readonly pid: number;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The launcher, in its own file system, before its own API; Node.js is a program that reports how it was started. */
export async function startLauncher(options: LauncherOptions = {}) {
  const root = mkdtempSync(join(tmpdir(), 'launcher-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const api = await startExtensionsApi(options);
  const script = join(root, 'opt/extensions/async-http');
  const base = join(root, 'tmp');
  const bin = join(root, 'bin');
  for (const folder of [join(root, 'opt/async-http'), dirname(script), base, bin]) {
    mkdirSync(folder, { recursive: true });
  }
  const { edit = (text) => text } = options;
  writeFileSync(script, edit(readFileSync(SCRIPT, 'utf8')), { mode: 0o755 });
  for (const name of options.extensions ?? []) writeFileSync(join(dirname(script), name), '');
  for (const name of ['mkfifo', 'rm', 'env', 'mv', 'cat']) link(name);
  const { bash = BASH } = options;
  if (!('bash' in options) || options.bash !== undefined) symlinkSync(bash, join(bin, 'bash'));
  const gate = join(root, 'gate');
  if (options.lateNode) execFileSync('mkfifo', [gate]);
  else writeFileSync(gate, '');
  if (options.hasNode !== false) writeNode(join(bin, 'node'), root);
  options.prepare?.(base);

  writeFileSync(join(root, 'read'), '');

  const { program, as } = options.shell ?? { program: bash, as: 'bash' };
  const shell = join(root, 'shell', as);
  mkdirSync(dirname(shell));
  symlinkSync(program, shell);
  const child = spawn(shell, [script], {
    env: { PATH: bin, TMPDIR: base, AWS_LAMBDA_RUNTIME_API: api.address, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // As on Lambda, with its own process group.
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const closed = once(child, 'close');
  onTestFinished(() => killGroup(child));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));

  const fifo = join(base, 'async-http.bell');
  let bell: number | undefined;
  return {
    api,
    base,
    state: join(base, 'async-http'),
    fifo,
    child,
    pid: child.pid ?? 0,
    /** Rings lines, as a client process does. */
    ring(...lines: string[]): void {
      bell ??= openBell(fifo);
      for (const line of lines) writeSync(bell, `\n${line}\n`);
    },
    /** Bytes as they are. */
    write(bytes: string | Buffer): void {
      bell ??= openBell(fifo);
      writeSync(bell, Buffer.from(bytes));
    },
    /** Registers, announces itself as this process or another, and asks for the first event. */
    async announced(pid = process.pid): Promise<void> {
      await api.registered;
      this.ring(`A 2 ${pid}.0 sees-ends`);
      await api.asked();
    },
    /**
     * Resolves when everything that was rung before has been heard, or when the launcher asks for the next event
     * instead. A lease for a moment shows it: the launcher writes the deadline down.
     */
    async heard(): Promise<void> {
      const deadline = join(base, 'async-http/deadline');
      mkdirSync(dirname(deadline), { recursive: true });
      rmSync(deadline, { force: true });
      this.write(`L ${process.pid}.99 1\nL ${process.pid}.99 0\n`);
      while (!existsSync(deadline) && !api.isAsked) await setTimeout(2);
    },
    /** Resolves when Node.js has been started, and tells its process id. */
    async nodeStarted(): Promise<number> {
      await existing(join(root, 'started'));
      return Number(/PID=(\d+)\0$/.exec(readFileSync(join(root, 'started'), 'latin1'))?.[1]);
    },
    /** Lets it load. */
    nodeLoads: () => writeFileSync(gate, '\n'),
    /** Resolves when Node.js has taken over. */
    tookOver: () => readTakeOver(root),
    hasTakenOver: () => existsSync(join(root, 'taken')),
    /** What Node.js has read from the bell so far. */
    readByNode: () => linesOf(readFileSync(join(root, 'read'), 'utf8')),
    exited: exited.then(([code]) => code),
    output: async () => {
      await closed;
      return { stdout, stderr };
    },
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };

  function link(name: string): void {
    const path = ['/usr/bin', '/bin'].map((folder) => join(folder, name)).find(existsSync);
    if (path) symlinkSync(path, join(bin, name));
  }
}

function killGroup({ pid = 0 }: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it runs any more.
  }
}

function openBell(fifo: string): number {
  const { O_WRONLY, O_APPEND, O_NONBLOCK } = constants;
  const fd = openSync(fifo, O_WRONLY | O_APPEND | O_NONBLOCK);
  onTestFinished(() => closeSync(fd));
  return fd;
}

/**
 * Keeps what it was started with, says that it has loaded once it may, keeps what it is given, and what is rung from
 * then on.
 */
function writeNode(path: string, root: string): void {
  const taken = join(root, 'taken');
  writeFileSync(
    path,
    `#!/bin/sh
{ env -0; printf 'PROGRAM=%s\\0PID=%s\\0' "$1" "$$"; } >'${taken}.tmp'
mv '${taken}.tmp' '${join(root, 'started')}'
if [ -n "$_ASYNC_HTTP_IDENTIFIER" ]; then
  read -r line <'${join(root, 'gate')}'
  printf '\\nN\\n' >&"$_ASYNC_HTTP_BELL"
  cat <&7 >'${join(root, 'known')}'
fi
mv '${join(root, 'started')}' '${taken}'
[ -z "$_ASYNC_HTTP_BELL" ] || exec cat <&"$_ASYNC_HTTP_BELL" >'${join(root, 'read')}'
`,
  );
  chmodSync(path, 0o755);
}

async function readTakeOver(root: string): Promise<TakeOver> {
  await existing(join(root, 'taken'));
  const {
    PROGRAM = '',
    PID,
    ...env
  } = Object.fromEntries(
    readFileSync(join(root, 'taken'), 'utf8')
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  ) as Record<string, string>;
  const path = join(root, 'known');
  // Where it registers itself, it is given nothing.
  const known = existsSync(path) ? readFileSync(path, 'utf8') : '\0'.repeat(4);
  return { pid: Number(PID), program: PROGRAM, env, ...parseKnown(known) };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Resolves when there is such a file. */
export async function existing(path: string): Promise<void> {
  const watcher = watch(dirname(path));
  try {
    while (!existsSync(path)) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}

/** A process that does nothing until it is ended; of a client, where only that it runs matters. */
export async function startIdleProcess(): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child as ChildProcess & { readonly pid: number };
}

export async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
