import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFolder, type LayerEntry } from './layer-entry.ts';

/**
 * Writes the entries into a folder, which is made when it does not exist. What else is in it stays:
 * an image's `/opt` may hold other extensions.
 */
export async function writeTree(entries: readonly LayerEntry[], dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const entry of entries) {
    const path = join(dir, entry.path);
    if (isFolder(entry)) {
      await mkdir(path, { recursive: true });
    } else {
      await writeFile(path, entry.data);
    }
    // The mode options of mkdir and writeFile are cut by the umask and ignored for what exists.
    await chmod(path, entry.mode);
  }
}
