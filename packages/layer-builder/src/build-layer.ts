import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLayer } from './check-layer.ts';
import { codeSha256 } from './code-sha256.ts';
import { LayerTargetError } from './errors.ts';
import { layerEntries } from './layer-entries.ts';
import { readLayerInputs } from './layer-inputs.ts';
import { writeTree } from './write-tree.ts';
import { writeZip } from './write-zip.ts';
import { zipLayer } from './zip-layer.ts';

export interface BuildLayerOptions {
  /** Where to write the zip. Default: `dist/layer.zip` of this package, unless `dir` is given. */
  readonly out?: string;
  /** A folder to write the layer's files to, e.g. the `/opt` of a container image. */
  readonly dir?: string;
}

export interface BuiltLayer {
  /** Absolute path of the zip, if one was written. */
  readonly out?: string;
  /** Absolute path of the folder, if one was written. */
  readonly dir?: string;
  /** Size of the zip. */
  readonly zipBytes: number;
  /** SHA-256 of the zip in base64, as Lambda shows it for a layer version. */
  readonly codeSha256: string;
}

/**
 * Writes the Lambda layer: a zip to publish, a folder to copy into a container image, or both.
 * The same version of this package always writes the same bytes.
 *
 * @throws an error with a code `ASYNC_HTTP_LAYER_…`, before anything is written, when an input is missing
 *   or the layer would break on Lambda; `ASYNC_HTTP_LAYER_TARGET` when `out` or `dir` cannot be written.
 */
export async function buildLayer({ out, dir }: BuildLayerOptions = {}): Promise<BuiltLayer> {
  const entries = layerEntries(readLayerInputs());
  checkLayer(entries);
  const zip = zipLayer(entries);

  const zipPath = out ?? (dir === undefined ? prebuiltZip() : undefined);
  if (zipPath !== undefined) {
    await writeZip(zip, resolve(zipPath)).catch((cause: unknown) => {
      throw new LayerTargetError({ path: resolve(zipPath), option: 'out', cause });
    });
  }
  if (dir !== undefined) {
    await writeTree(entries, resolve(dir)).catch((cause: unknown) => {
      throw new LayerTargetError({ path: resolve(dir), option: 'dir', cause });
    });
  }
  return {
    ...(zipPath !== undefined && { out: resolve(zipPath) }),
    ...(dir !== undefined && { dir: resolve(dir) }),
    zipBytes: zip.byteLength,
    codeSha256: codeSha256(zip),
  };
}

/** The zip that `@async-http/layer-builder/layer.zip` stands for. */
function prebuiltZip(): string {
  return fileURLToPath(new URL('../dist/layer.zip', import.meta.url));
}
