import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { readPage } from '../src/markdown-page.ts';
import { ROOT } from '../src/repository-pages.ts';

const { codeBlocks } = readPage('docs/testing.md');

/** A project of the page's function and the one test that imports this. */
function writeProject(tool: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'async-http-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(ROOT, 'packages/docs/node_modules'), join(folder, 'node_modules'));
  for (const { code } of codeBlocks) {
    const path = /^\/\/ (\S+\.mjs)\n/.exec(code)?.[1];
    if (path === undefined || (path.startsWith('test/') && !code.includes(`from '${tool}'`)))
      continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  return folder;
}

it.each([
  ['vitest', [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run'], /Tests +2 passed \(2\)/],
  ['node:test', ['--test'], /pass 2\n.*fail 0/s],
] as const)('the tests on the page pass with %s', async (tool, args, passed) => {
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: writeProject(tool),
    // Node.js and vitest find out by these that they are in a test already.
    env: { ...process.env, NO_COLOR: '1', VITEST: undefined, NODE_TEST_CONTEXT: undefined },
  });
  expect(stdout).toMatch(passed);
});
