import { createRequire } from 'node:module';
import { join } from 'node:path';

export type Esbuild = Pick<typeof import('esbuild'), 'build' | 'context' | 'version'>;

const found = new Map<string, Promise<Esbuild>>();

/** Main file of the project's esbuild, of whatever version; else of ours. */
export function findEsbuild(folder: string): string {
  try {
    return createRequire(join(folder, 'package.json')).resolve('esbuild');
  } catch {
    return ourEsbuild();
  }
}

/** Main file of our own esbuild. */
export const ourEsbuild = (): string => createRequire(import.meta.url).resolve('esbuild');

/**
 * The esbuild that the project itself uses, so that it bundles here as it does at a deploy; else ours.
 * Loaded when there is something to bundle, because that takes longer than all else at the start.
 */
export function loadEsbuild(folder: string): Promise<Esbuild> {
  const known = found.get(folder) ?? load(folder);
  found.set(folder, known);
  return known;
}

async function load(folder: string): Promise<Esbuild> {
  return loadOwn(folder) ?? import('esbuild');
}

function loadOwn(folder: string): Esbuild | undefined {
  try {
    const own: Partial<Esbuild> = createRequire(join(folder, 'package.json'))('esbuild');
    // Versions before 0.17 cannot rebuild with a context.
    return typeof own.context === 'function' ? (own as Esbuild) : undefined;
  } catch {
    return undefined;
  }
}
