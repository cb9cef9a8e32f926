import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

/** The program that Lambda starts, in a layer. */
const EXTENSION = 'extensions/async-http';

/** Whether a layer's zip file or folder has our extension; an unreadable one has not. */
export function holdsExtension(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return false;
  if (found.isDirectory()) return existsSync(join(path, EXTENSION));
  let isThere = false;
  try {
    unzipSync(readFileSync(path), {
      filter({ name }) {
        if (name === EXTENSION) isThere = true;
        return false;
      },
    });
  } catch {
    return false;
  }
  return isThere;
}
