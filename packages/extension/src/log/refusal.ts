import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type Refusal, type RefusalCode, refusalPath } from '@async-http/client/protocol';

/** Has clients refuse every hand-off with this reason, until it is taken back. */
export function refuseHandOffs(folder: string, refusal: Refusal): void {
  const path = refusalPath(folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.tmp`, JSON.stringify(refusal), { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  } catch {
    // A full or emptied /tmp: then the next job fails, and is recorded.
  }
}

/** Takes back a refusal, unless it has another reason. */
export function acceptHandOffs(folder: string, code: RefusalCode): void {
  const path = refusalPath(folder);
  try {
    if (JSON.parse(readFileSync(path, 'utf8')).code === code) rmSync(path, { force: true });
  } catch {
    // There is none.
  }
}
