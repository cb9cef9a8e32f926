import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { projectName } from '../src/project-name.ts';

const CLI = join(import.meta.dirname, '../src/cli.ts');

/** Runs the program as a script would, without a terminal. */
function create(args: readonly string[], cwd = mkdtempSync(join(tmpdir(), 'create-async-http-'))) {
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { cwd, status, stdout, stderr };
}

it('takes the defaults where it cannot ask, and prints the next steps', () => {
  const { cwd, status, stdout, stderr } = create([]);

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Created my-app (TypeScript, Serverless Framework)');
  expect(stdout).toContain('\n  cd my-app\n  npm install\n  npm run dev\n');
  expect(JSON.parse(readFileSync(join(cwd, 'my-app/package.json'), 'utf8')).name).toBe('my-app');
});

it('creates a project in the current folder, named after it', () => {
  const { cwd, stdout } = create(['.', '--tool', 'sam', '--language', 'js']);

  expect(stdout).not.toContain('cd ');
  expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toMatch(`# ${projectName(basename(cwd))}\n`);

  const again = create(['.'], cwd);
  expect(again.status).toBe(1);
  expect(again.stderr).toMatch(/is not empty.*\(ASYNC_HTTP_CREATE_FOLDER_NOT_EMPTY\)\n$/);
});

it('explains itself, with exit code 2 where it was not understood', () => {
  expect(execFileSync(process.execPath, [CLI, '--help'], { encoding: 'utf8' })).toMatch(/^Usage: /);

  const { status, stdout, stderr } = create(['--tool']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^create-async-http: .*--tool.*\(ASYNC_HTTP_CREATE_USAGE\)\n$/);
});
