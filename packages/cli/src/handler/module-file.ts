import { readdirSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { nearestName } from '@async-http/emulator';

/** What Lambda's runtime loads, in its order. */
const LOADED = ['', '.js', '.mjs', '.cjs'];
const SOURCES = ['.ts', '.mts', '.cts', '.tsx', '.jsx'];

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
const firstOf = (path: string, endings: readonly string[]) =>
  endings.map((ending) => path + ending).find(isFile);

/** The file of a module that the runtime would load. */
export const findLoaded = (folder: string, module: string): string | undefined =>
  firstOf(join(folder, module), LOADED);

/** The file of a module that has to be built. */
export const findSource = (folder: string, module: string): string | undefined =>
  firstOf(join(folder, module), SOURCES);

export const isPackage = (folder: string, module: string): boolean =>
  statSync(join(folder, 'node_modules', module), { throwIfNoEntry: false }) !== undefined;

const ENDING = /\.(?:[cm]?js|[cm]?ts|tsx|jsx)$/;
const SKIPPED = ['node_modules', 'cdk.out', 'test', 'tests'];
const MAX_DEPTH = 5;

/** The module that was probably meant: of the same name elsewhere, or of a similar one. */
export function findMeant(folder: string, module: string): string | undefined {
  const modules = modulesIn(folder);
  const name = posix.basename(module);
  const sameName = modules.filter((path) => posix.basename(path) === name);
  const [shortest] = sameName.toSorted((one, other) => one.length - other.length);
  return shortest ?? nearestName(module, modules);
}

function modulesIn(root: string, folder = root, depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || SKIPPED.includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return modulesIn(root, path, depth + 1);
    if (!ENDING.test(entry.name) || entry.name.endsWith('.d.ts')) return [];
    return [relative(root, path).split(sep).join('/').replace(ENDING, '')];
  });
}
