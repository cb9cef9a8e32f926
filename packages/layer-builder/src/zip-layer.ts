import { type Zippable, zipSync } from 'fflate';
import { isFolder, type LayerEntry } from './layer-entry.ts';

/** The upper byte of "version made by": the attributes of the entries are Unix modes. */
const UNIX = 3;

/**
 * Zips the entries in their order; the same entries give the same bytes on every machine.
 *
 * fflate is JavaScript through and through: the output of `node:zlib` changes with the zlib inside Node.js.
 */
export function zipLayer(entries: readonly LayerEntry[]): Uint8Array {
  // The earliest time a zip can hold. Zips have local times: made in local time, it is the same everywhere.
  const mtime = new Date(1980, 0, 1);
  const files: Zippable = {};
  for (const entry of entries) {
    const type = isFolder(entry) ? 0o040000 : 0o100000;
    files[entry.path] = [
      entry.data,
      { os: UNIX, attrs: ((type | entry.mode) << 16) >>> 0, mtime, level: isFolder(entry) ? 0 : 9 },
    ];
  }
  return zipSync(files);
}
