import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const EXAMPLES = join(import.meta.dirname, '../../../../examples');

const built = new Map<string, Promise<string>>();

/** Runs the example's own build, once, and returns the folder to deploy. */
export function buildExample(name: string): Promise<string> {
  const folder = built.get(name) ?? build(name);
  built.set(name, folder);
  return folder;
}

async function build(name: string): Promise<string> {
  const folder = join(EXAMPLES, name);
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const PATH = [join(folder, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  await promisify(execFile)('sh', ['-c', scripts.build], { cwd: folder, env: { PATH } });
  return join(folder, 'dist');
}
