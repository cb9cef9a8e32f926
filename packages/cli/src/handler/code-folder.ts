import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { unzipSync } from 'fflate';

/** Code that is going to be `/var/task`, as a folder. */
export interface CodeFolder {
  readonly folder: string;
  /** Removes what was unpacked. */
  close(): void;
}

/**
 * Opens a folder, or a zip file without its `node_modules`.
 *
 * @returns undefined when there is nothing, or it cannot be read.
 */
export function openCode(code: string): CodeFolder | undefined {
  const found = statSync(code, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (found.isDirectory()) return { folder: code, close: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'async-http-check-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    unpack(code, folder);
    return { folder, close };
  } catch {
    close();
    return undefined;
  }
}

function unpack(zip: string, folder: string): void {
  const files = unzipSync(readFileSync(zip), {
    filter: ({ name }) => !name.endsWith('/') && !/(?:^|\/)node_modules\//.test(name),
  });
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    if (relative(folder, file).startsWith('..')) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** Whether the nearest `package.json` of a file says `"type": "module"`. What is above the code is not deployed. */
export function isEsModulePackage(file: string, root: string): boolean {
  for (
    let folder = dirname(file);
    !relative(root, folder).startsWith('..');
    folder = dirname(folder)
  ) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      try {
        return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (folder === dirname(folder)) break;
  }
  return false;
}
