import { mkdtempSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  isWhole,
  packPackages,
  runShell,
  startShell,
  takeTarballs,
} from '@async-http/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shared, type WhenOver } from './support/shared.ts';

const CREATE = join(
  dirname(createRequire(import.meta.url).resolve('create-async-http/package.json')),
  'dist/cli.js',
);
const WORKSPACE_MODULES = join(import.meta.dirname, '../node_modules');

const TOOLS = isWhole ? ['serverless', 'sam', 'cdk'] : ['serverless', 'sam'];
const PROJECTS = TOOLS.flatMap((tool) => ['ts', 'js'].map((language) => [tool, language] as const));

const tarballs = shared(packPackages);

/**
 * Creates a project as a user does. With `TESTS=whole`, npm installs the packed packages, and asks its registry for what
 * the lock file does not have; else this workspace's packages take their place.
 */
async function create(tool: string, language: string, whenOver: WhenOver): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'created-'));
  whenOver(() => rm(folder, { recursive: true }));
  await runShell(folder, `node '${CREATE}' . --tool ${tool} --language ${language}`);
  if (isWhole) {
    takeTarballs(folder, await tarballs());
    await runShell(folder, 'npm install');
  } else {
    symlinkSync(WORKSPACE_MODULES, join(folder, 'node_modules'));
  }
  return folder;
}

describe.each(PROJECTS)('a new project for %s in %s', { timeout: 240_000 }, (tool, language) => {
  const project = shared((whenOver) => create(tool, language, whenOver));

  it('replies, and finishes the report afterwards, with npm run dev', async () => {
    const dev = startShell(await project(), 'npm run dev -- --port 0');
    onTestFinished(() => dev.close());

    const reply = await fetch(`${await dev.url()}/report`, { method: 'POST' });

    expect(reply.status).toBe(202);
    expect(await reply.json()).toEqual({ jobId: expect.stringMatching(/\.1$/) });
    await dev.sees(/→ 202.*report for \/report: finished.*tail [\d,]+ ms.*environment frozen/s);
  });

  it('passes the check before a deploy', async () => {
    const report = await runShell(await project(), 'npm run --silent check -- --json');
    expect(JSON.parse(report)).toMatchObject({
      summary: { functions: 1, errors: 0, warnings: 0, notes: 0 },
    });
  });

  it.runIf(isWhole)('passes its own test, once npm has installed it', async () => {
    expect(await runShell(await project(), 'npm test')).toMatch(/Tests +1 passed/);
  });

  it.runIf(isWhole && language === 'ts')(
    'has no type errors, once npm has installed it',
    async () => {
      await runShell(await project(), 'npm run typecheck');
    },
  );
});
