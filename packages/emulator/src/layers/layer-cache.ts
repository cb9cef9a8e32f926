import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Layer } from '../lambda-types.ts';
import { mergeLayers } from './merge-layers.ts';

/** What nobody has used for so long is removed. */
const MAX_AGE_MS = 14 * 24 * 3600 * 1000;

/** A process that was killed meanwhile has left it. */
const MAX_DRAFT_AGE_MS = 3600 * 1000;

/** A merge that another function of this process is at work on. */
const underWay = new Map<string, Promise<string>>();

/**
 * The folder with the merged layers; they are unpacked only when their content is new.
 *
 * @returns undefined when there is no place for a cache.
 * @throws code `ASYNC_HTTP_EMULATOR_LAYER_UNUSABLE`.
 */
export async function cachedLayers(layers: readonly Layer[]): Promise<string | undefined> {
  const cache = await cacheFolder();
  const key = await contentKey(layers);
  if (cache === undefined || key === undefined) return undefined;
  const target = join(cache, key);
  const merged = underWay.get(key) ?? merge(layers, target);
  underWay.set(key, merged);
  try {
    return await merged;
  } finally {
    underWay.delete(key);
  }
}

async function merge(layers: readonly Layer[], target: string): Promise<string> {
  const now = new Date();
  const isThere = await utimes(target, now, now).then(
    () => true,
    () => false,
  );
  if (isThere) return target;
  await removeOld(dirname(target));
  // Others see all of it, or nothing.
  const draft = `${target}.${randomUUID()}`;
  try {
    await mergeLayers(layers, draft);
    await rename(draft, target).catch(async (error) => {
      // Another process was faster.
      if (!(await stat(target).catch(() => undefined))) throw error;
    });
    return target;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** In the user's own folder for caches, if there is one to write to. */
async function cacheFolder(): Promise<string | undefined> {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const own = join(caches, 'async-http-emulator');
  const folder = join(own, 'layers');
  try {
    await mkdir(folder, { recursive: true });
    // As in /opt, no package.json further up says what kind of module a file is.
    await writeFile(join(own, 'package.json'), '{}');
    return folder;
  } catch {
    return undefined;
  }
}

async function removeOld(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    const path = join(folder, entry);
    const used = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    const isDraft = entry.includes('.');
    if (Date.now() - used > (isDraft ? MAX_DRAFT_AGE_MS : MAX_AGE_MS))
      await rm(path, { recursive: true, force: true });
  }
}

/** The same for layers with the same content; undefined when one cannot be read, which merging explains. */
async function contentKey(layers: readonly Layer[]): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for (const layer of layers) {
      const { folder: path, at } = typeof layer === 'string' ? { folder: layer, at: '' } : layer;
      hash.update(`layer ${at}\n`);
      if ((await stat(path)).isDirectory()) await addFolder(hash, path, '');
      else await pipeline(createReadStream(path), hash, { end: false });
    }
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

/** Files are told apart by size and time: reading all of them would take as long as copying them. */
async function addFolder(hash: Hash, root: string, folder: string): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = join(folder, entry.name);
    const path = join(root, name);
    const { mode, size, mtimeMs } = await lstat(path);
    if (entry.isDirectory()) {
      hash.update(`${JSON.stringify(name)} ${mode}\n`);
      await addFolder(hash, root, name);
    } else {
      const target = entry.isSymbolicLink() ? await readlink(path) : '';
      hash.update(`${JSON.stringify([root, name, mode, size, mtimeMs, target])}\n`);
    }
  }
}
