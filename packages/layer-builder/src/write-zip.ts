import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file so that others see the old one or the new one, and never a half of it. */
export async function writeZip(bytes: Uint8Array, out: string): Promise<void> {
  const unfinished = `${out}.${process.pid}.tmp`;
  await mkdir(dirname(out), { recursive: true });
  try {
    await writeFile(unfinished, bytes);
    await rename(unfinished, out);
  } finally {
    await rm(unfinished, { force: true });
  }
}
