import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const EXAMPLES = join(import.meta.dirname, '../../../../examples');

/** Runs the example's own build, and returns the folder to deploy. */
export async function buildExample(name: string): Promise<string> {
  const folder = join(EXAMPLES, name);
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const PATH = [join(folder, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  await promisify(execFile)('sh', ['-c', scripts.build], { cwd: folder, env: { PATH } });
  return join(folder, 'dist');
}
