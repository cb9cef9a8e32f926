import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Stand } from '../figure.ts';
import { FUNCTION_FOLDER } from './function-folder.ts';

/**
 * Bundles files of `src/function` as CommonJS.
 *
 * @returns their folder, which ends with the figure
 */
export async function bundleFunctions(
  { onEnd }: Stand,
  files: readonly string[],
  external: string[] = [],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-functions-'));
  onEnd(() => rmSync(folder, { recursive: true }));
  await build({
    entryPoints: files.map((file) => join(FUNCTION_FOLDER, file)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external,
  });
  writeFileSync(join(folder, 'package.json'), '{}');
  return folder;
}
