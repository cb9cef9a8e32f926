import { describe, expect, it } from 'vitest';
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
    [['bulid'], 'the only command is "build", not "bulid"'],
    [[], 'the only command is "build", none was given'],
  ])('refuses %j with exit code 2 and the usage', async (args, reason) => {
    const { exitCode, stdout, stderr } = await runCommandLine(args);

    expect(exitCode).toBe(2);
    expect(stdout).toBeUndefined();
    expect(stderr).toMatch(/^async-http-layer: /);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('Usage:');
  });
});
