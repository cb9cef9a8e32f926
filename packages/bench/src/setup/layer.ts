import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildLayer } from '@async-http/layer-builder';

/** The layer as it is published, from the built files of the packages. */
export interface Layer {
  readonly zip: string;
  remove(): Promise<void>;
}

/** @throws code `ASYNC_HTTP_LAYER_INPUT_MISSING` when the packages are not built. */
export async function layOut(): Promise<Layer> {
  // A separate copy: a build that runs meanwhile cannot change what is measured.
  const base = await mkdtemp(join(tmpdir(), 'async-http-bench-'));
  const remove = () => rm(base, { recursive: true, force: true });
  const zip = join(base, 'layer.zip');
  try {
    await buildLayer({ out: zip });
  } catch (error) {
    await remove();
    throw error;
  }
  return { zip, remove };
}
