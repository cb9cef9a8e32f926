import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { startProgram } from './start-program.ts';

/** The last versions that ask for no account. */
const PACKAGES = ['serverless@3.40.0', 'serverless-offline@13.9.0'];
const FOLDER = join(import.meta.dirname, '../../node_modules/.cache/serverless-offline');
const CLI = join(FOLDER, 'node_modules/serverless/bin/serverless.js');

/**
 * Installs the peer, once: as a dependency it would be larger than all others together.
 *
 * @returns whether it is there
 */
export function installServerlessOffline(): boolean {
  if (existsSync(CLI)) return true;
  process.stderr.write('installing serverless-offline, to compare with …\n');
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', FOLDER, ...PACKAGES], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return true;
  } catch (error) {
    process.stderr.write(`It cannot be installed, so its rows are left out: ${error}\n`);
    return false;
  }
}

/** Links the packages into a project, as if it had installed them. */
export function useServerlessOffline(project: string): Promise<void> {
  return symlink(join(FOLDER, 'node_modules'), join(project, 'node_modules'));
}

/**
 * Serves `offline.yml` of a project.
 *
 * @returns when a request to `path` has been answered; ends it
 */
export async function serveOffline(project: string, path: string): Promise<() => Promise<void>> {
  const port = await freePort();
  const ports = ['--httpPort', `${port}`, '--lambdaPort', `${await freePort()}`];
  const program = startProgram(
    process.execPath,
    [CLI, 'offline', '--config', 'offline.yml', ...ports],
    { PATH: process.env.PATH, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
    { cwd: project, isQuiet: true },
  );
  const ended = program.ended.then(() => true);
  // It says where it will listen before it does.
  while (true) {
    const status = await statusOf(`http://127.0.0.1:${port}${path}`);
    if (status === 200) return () => program.stop();
    if (await Promise.race([ended, sleep(5)])) {
      throw new Error('serverless-offline has ended before it answered.');
    }
  }
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    const { statusCode, body } = await request(url);
    await body.dump();
    return statusCode;
  } catch {
    return undefined; // Nobody listens yet.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
