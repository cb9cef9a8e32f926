import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Tells files that are different from those that were written as they were. */
export class KnownContents {
  readonly #hashes = new Map<string, string>();

  /** Those of the files that it did not know, or not with this content. */
  changed(files: readonly string[]): string[] {
    return files.filter((file) => {
      const hash = hashOf(file);
      const isSame = this.#hashes.get(file) === hash;
      this.#hashes.set(file, hash);
      return !isSame;
    });
  }
}

function hashOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return 'gone';
  }
}
