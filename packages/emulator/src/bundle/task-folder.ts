import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BundleFile } from './bundle.ts';
import type { BundleEntry } from './bundling.ts';

/** An entry and what became of it. */
export interface BundledEntry extends Pick<BundleEntry, 'module'> {
  readonly files: readonly BundleFile[];
}

/**
 * Makes the folder that becomes `/var/task`: the bundles, and beside them links to everything else in the
 * code folder, so that files which a function reads are where they would be after a deploy.
 */
export async function writeTaskFolder(
  target: string,
  code: string,
  entries: readonly BundledEntry[],
): Promise<void> {
  await mirror(target, code, '', entries);
  for (const { module, files } of entries) {
    const folder = join(target, dirname(module));
    await mkdir(folder, { recursive: true });
    for (const { name, content } of files) await writeFile(join(folder, name), content);
  }
}

async function mirror(
  target: string,
  code: string,
  folder: string,
  entries: readonly BundledEntry[],
): Promise<void> {
  await mkdir(join(target, folder), { recursive: true });
  const modules = entries.map(({ module }) => module);
  const made = new Set(
    entries.flatMap(({ module, files }) => files.map(({ name }) => join(dirname(module), name))),
  );
  for (const entry of await readdir(join(code, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (modules.some((module) => module.startsWith(`${path}/`)) && !entry.isFile()) {
      await mirror(target, code, path, entries);
    } else if (!made.has(path) && !isLoadedInstead(path, modules)) {
      await symlink(join(code, path), join(target, path));
    }
  }
}

/** The runtime would take `user.js` before our `user.mjs`, and `user` before both. */
const isLoadedInstead = (path: string, modules: readonly string[]) =>
  modules.some((module) => ['', '.js', '.mjs', '.cjs'].some((ending) => path === module + ending));
