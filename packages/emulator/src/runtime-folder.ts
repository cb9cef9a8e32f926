import { copyFile, cp, mkdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuntimeName } from './lambda-types.ts';

const OWN_FILES = [
  'preload.cjs',
  'module-format.cjs',
  'pending-work.cjs',
  'rapid-client.cjs',
  'blocking-connection.cjs',
  'http-message.cjs',
];

/** Our own files for the runtime: in `src/` of a checkout, copied to `dist/` by the build. */
const here = dirname(fileURLToPath(import.meta.url));

/**
 * The folder that becomes `/var/runtime`: AWS's runtime interface client, unmodified, and our
 * replacement for its native addon. The published package contains it; in a checkout it is put
 * together in `workFolder` from the development dependencies.
 */
export async function runtimeFolder(runtime: RuntimeName, workFolder: string): Promise<string> {
  const built = join(here, 'runtime', runtime);
  if (await isFile(join(built, 'preload.cjs'))) return built;
  const target = join(workFolder, 'runtime');
  await buildRuntimeFolder(runtime, join(here, 'runtime'), target);
  return target;
}

/** Also what the package's build runs, once for each runtime. */
export async function buildRuntimeFolder(
  runtime: RuntimeName,
  ownFiles: string,
  target: string,
): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const file of OWN_FILES) {
    await copyFile(join(ownFiles, file), join(target, file));
  }
  const require = createRequire(import.meta.url);
  if (runtime === 'nodejs22.x') {
    await cp(join(ownFiles, runtime), target, { recursive: true });
    const client = dirname(require.resolve('aws-lambda-ric-3/package.json'));
    await copyClient(client, 'dist/index.mjs', join(target, 'aws-lambda-ric'));
  } else {
    const client = dirname(require.resolve('aws-lambda-ric-4/package.json'));
    await copyClient(client, 'index.mjs', target);
  }
}

async function copyClient(client: string, entry: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await copyFile(join(client, entry), join(target, 'index.mjs'));
  for (const legal of ['LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES']) {
    await copyFile(join(client, legal), join(target, legal));
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
