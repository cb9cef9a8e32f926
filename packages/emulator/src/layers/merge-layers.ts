import { chmod, cp, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LayerUnusableError } from '../errors.ts';
import type { Layer } from '../lambda-types.ts';
import { unzip } from './unzip.ts';

/**
 * Puts the layers into one folder, in order; a later layer overwrites the same paths of an earlier one.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_LAYER_UNUSABLE`.
 */
export async function mergeLayers(layers: readonly Layer[], target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const part of layers) {
    const { folder: path, at } = typeof part === 'string' ? { folder: part, at: '.' } : part;
    const layer = await stat(path).catch(() => undefined);
    if (!layer) throw new LayerUnusableError({ path, reason: 'does not exist' });
    try {
      if (layer.isDirectory())
        await cp(path, join(target, at), { recursive: true, verbatimSymlinks: true });
      else await unzip(path, target);
    } catch (cause) {
      const reason = layer.isDirectory() ? 'cannot be copied' : 'cannot be read as a zip file';
      throw new LayerUnusableError({ path, reason, cause });
    }
  }
  await chmod(target, 0o755);
}
