import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

const FOLDER = join(import.meta.dirname, '../../../../.vitest/programs');

/**
 * A program and all that it imports, in one file of JavaScript, as the programs of the layer are. From its sources
 * Node.js takes three times as long to start it, and tests do that hundreds of times.
 */
export function bundle(program: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [program],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    conditions: ['@async-http/source'],
  });
  const code = outputFiles[0]?.contents ?? '';
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const path = join(FOLDER, `${basename(program, '.ts')}-${hash}.cjs`);
  // Others may be about to start it: they see all of it, or nothing.
  const draft = `${path}.${process.pid}`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(draft, code);
  renameSync(draft, path);
  return path;
}
