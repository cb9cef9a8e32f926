import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lambda } from '@async-http/emulator';
import type { Stand } from '../figure.ts';
import { FUNCTION_FOLDER } from './function-folder.ts';
import { startFunction } from './start-function.ts';

const CLIENT = join(import.meta.dirname, '../../../client');

/** The modes of `waitUntil`, and the same handler without us; for the rows of the table. */
export const MODES = {
  layer: 'with the layer',
  npm: 'npm alone: @async-http/client/register, no layer',
  neither: 'neither: the client is imported, nothing holds',
  plain: 'the same handler without us',
};

export type Mode = keyof typeof MODES;

/** A function on the emulator for each mode, all with the same reply, which end with the figure. */
export async function startWaitUntilFunctions(stand: Stand): Promise<Record<Mode, Lambda>> {
  const code = await installClient(stand);
  const start = (handler: string, layers: readonly string[] = []) =>
    startFunction(stand, {
      name: `bench-${handler.split('.')[0]}-${layers.length}`,
      code,
      handler,
      layers,
    });
  return {
    layer: await start('wait-until.handler', [stand.layer.zip]),
    npm: await start('wait-until-registered.handler'),
    neither: await start('wait-until.handler'),
    plain: await start('plain.handler'),
  };
}

/** A copy of the functions with the built client in `node_modules`, as after `npm install @async-http/client`. */
async function installClient({ onEnd }: Stand): Promise<string> {
  const code = await mkdtemp(join(tmpdir(), 'async-http-bench-'));
  onEnd(() => rm(code, { recursive: true, force: true }));
  await cp(FUNCTION_FOLDER, code, { recursive: true });
  const target = join(code, 'node_modules/@async-http/client');
  await mkdir(target, { recursive: true });
  for (const part of ['package.json', 'dist']) {
    await cp(join(CLIENT, part), join(target, part), { recursive: true });
  }
  return code;
}
