import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDev } from '../src/emulator-dev.ts';

const CREATE = createRequire(import.meta.url).resolve('create-async-http/package.json');
const INSTALLED = join(import.meta.dirname, '../node_modules');

const CHECK = createRequire(import.meta.url).resolve('async-http/package.json');

/** Creates a project as a user does, with this workspace's packages in the place of `npm install`. */
function create(...choices: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'created-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync(process.execPath, [join(dirname(CREATE), 'dist/cli.js'), '.', ...choices], {
    cwd: folder,
  });
  symlinkSync(INSTALLED, join(folder, 'node_modules'));
  return folder;
}

it.concurrent.each([
  ['serverless', 'ts'],
  ['sam', 'js'],
])(
  'a new project for %s in %s replies, and finishes the report afterwards',
  async (tool, language) => {
    const dev = startDev(create('--tool', tool, '--language', language));
    onTestFinished(() => dev.close());

    const reply = await fetch(`${await dev.url()}/report`, { method: 'POST' });

    expect(reply.status).toBe(202);
    expect(await reply.json()).toEqual({ jobId: expect.stringMatching(/\.1$/) });
    await dev.sees(/→ 202.*report for \/report: finished.*tail [\d,]+ ms.*environment frozen/s);
  },
);

// One after the other, because each waits for its program synchronously.
it.each([
  ['serverless', 'js'],
  ['serverless', 'ts'],
  ['sam', 'js'],
  ['sam', 'ts'],
])('a new project for %s in %s passes the check before a deploy', (tool, language) => {
  const cwd = create('--tool', tool, '--language', language);
  const report = execFileSync(
    process.execPath,
    [join(dirname(CHECK), 'dist/cli.js'), 'check', '--json'],
    { cwd, encoding: 'utf8' },
  );
  expect(JSON.parse(report)).toMatchObject({
    summary: { functions: 1, errors: 0, warnings: 0, notes: 0 },
  });
});
