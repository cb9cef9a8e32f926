import { openPromise } from 'yauzl';

export interface ZipEntry {
  readonly path: string;
  /** What the entry adds to the zip: its bytes, and its name twice with what belongs to it. */
  readonly bytes: number;
}

/** Bytes of the local and the central header without the name. */
const HEADERS_BYTES = 30 + 46;

export async function zipEntries(file: string): Promise<ZipEntry[]> {
  const zip = await openPromise(file);
  try {
    const entries: ZipEntry[] = [];
    for await (const { fileName, compressedSize } of zip.eachEntry()) {
      const bytes = compressedSize + HEADERS_BYTES + 2 * Buffer.byteLength(fileName);
      entries.push({ path: fileName, bytes });
    }
    return entries;
  } finally {
    zip.close();
  }
}
