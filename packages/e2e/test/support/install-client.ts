import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WhenOver } from './shared.ts';

const CLIENT = join(import.meta.dirname, '../../../client');

/** A copy of the folder with the built client in its `node_modules`, as after `npm install @async-http/client`. */
export function installClient(folder: string, whenOver: WhenOver = onTestFinished): string {
  const code = mkdtempSync(join(tmpdir(), 'async-http-task-'));
  whenOver(() => rmSync(code, { recursive: true }));
  cpSync(folder, code, { recursive: true });
  const target = join(code, 'node_modules/@async-http/client');
  mkdirSync(target, { recursive: true });
  for (const part of ['package.json', 'dist']) {
    cpSync(join(CLIENT, part), join(target, part), { recursive: true });
  }
  return code;
}
