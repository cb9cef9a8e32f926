import yauzl from 'yauzl';

export interface ZipEntry {
  readonly path: string;
  /** Unix mode with the file type, in octal, e.g. `100644`; '' when the zip was not made on Unix. */
  readonly mode: string;
  readonly modified: string;
}

/** Reads a zip's directory with a reader that is not the writer's. */
export async function readZip(bytes: Uint8Array): Promise<ZipEntry[]> {
  const zip = await yauzl.fromBufferPromise(Buffer.from(bytes));
  const entries: ZipEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    entries.push({
      path: entry.fileName,
      mode:
        entry.versionMadeBy >>> 8 === 3 ? (entry.externalFileAttributes >>> 16).toString(8) : '',
      modified: entry.getLastModDate({ timezone: 'UTC' }).toISOString(),
    });
  }
  return entries;
}
