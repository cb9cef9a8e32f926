import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

const TYPE_MASK = 0o170000;
const SYMLINK = 0o120000;

/** Unpacks a zip file with the Unix modes it carries; without any, files are 0644 and folders 0755. */
export async function unzip(file: string, target: string): Promise<void> {
  const zip = await openPromise(file);
  try {
    for await (const entry of zip.eachEntry()) {
      await unpack(zip, entry, join(target, entry.fileName));
    }
  } finally {
    zip.close();
  }
}

async function unpack(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  const mode = unixMode(entry);
  if (entry.fileName.endsWith('/')) {
    await mkdir(path, { recursive: true });
    await chmod(path, mode & 0o777 || 0o755);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  // An earlier layer may have put a link or a read-only file there.
  await rm(path, { force: true });
  const content = await zip.openReadStreamPromise(entry);
  if ((mode & TYPE_MASK) === SYMLINK) {
    await symlink(await text(content), path);
    return;
  }
  await pipeline(content, createWriteStream(path));
  await chmod(path, mode & 0o777 || 0o644);
}

/** Modes are stored only by writers that say they are Unix (upper byte of "version made by" is 3). */
function unixMode(entry: Entry): number {
  const isUnix = entry.versionMadeBy >>> 8 === 3;
  return isUnix ? entry.externalFileAttributes >>> 16 : 0;
}
