import { chmod, cp, mkdir, stat } from 'node:fs/promises';
import { LayerUnusableError } from '../errors.ts';
import { unzip } from './unzip.ts';

/**
 * Puts the layers into one folder, in order; a later layer overwrites the same paths of an earlier one.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_LAYER_UNUSABLE`.
 */
export async function mergeLayers(layers: readonly string[], target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const path of layers) {
    const layer = await stat(path).catch(() => undefined);
    if (!layer) throw new LayerUnusableError({ path, reason: 'does not exist' });
    try {
      if (layer.isDirectory()) await cp(path, target, { recursive: true, verbatimSymlinks: true });
      else await unzip(path, target);
    } catch (cause) {
      const reason = layer.isDirectory() ? 'cannot be copied' : 'cannot be read as a zip file';
      throw new LayerUnusableError({ path, reason, cause });
    }
  }
  await chmod(target, 0o755);
}
