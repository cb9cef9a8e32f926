import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommandLine } from '../src/command-line.ts';

describe('the command line', () => {
  it('explains itself', async () => {
    const { exitCode, stdout } = await runCommandLine(['--help']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Usage: async-http-layer build/);
  });

  it('prints its version', async () => {
    const { exitCode, stdout } = await runCommandLine(['--version']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });

  it.each([
    [['build', '--outt', 'x'], "Unknown option '--outt'"],
    [['build', '--out'], "Option '--out <value>' argument missing"],
    [['build', '--out='], '--out and --dir need a path'],
    [['bulid'], 'the commands are "build" and "verify", not "bulid"'],
    [[], 'the commands are "build" and "verify", none was given'],
    [['verify'], 'verify needs one zip or ARN'],
  ])('refuses %j with exit code 2 and the usage', async (args, reason) => {
    const { exitCode, stdout, stderr } = await runCommandLine(args);

    expect(exitCode).toBe(2);
    expect(stdout).toBeUndefined();
    expect(stderr).toMatch(/^async-http-layer: /);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('Usage:');
  });

  it.each([
    ['--dir', 'an-existing-file', 'is a file'],
    ['--dir', 'an-existing-file/opt', 'is a file'],
    ['--out', '.', 'is a folder'],
  ])('says that the layer cannot be written to %s %s', async (option, name, reason) => {
    const folder = await mkdtemp(join(tmpdir(), 'layer-target-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'an-existing-file'), 'kept');

    const { exitCode, stderr } = await runCommandLine(['build', option, join(folder, name)]);

    expect(exitCode).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('(ASYNC_HTTP_LAYER_TARGET)');
    expect(await readFile(join(folder, 'an-existing-file'), 'utf8')).toBe('kept');
  });
});
