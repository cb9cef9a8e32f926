import { describe, expect, it } from 'vitest';
import { readArguments } from '../src/command-line.ts';

describe('the arguments', () => {
  it('are all optional', () => {
    expect(readArguments([])).toEqual({ do: 'create', given: {} });
  });

  it('name folder, language and tool', () => {
    expect(readArguments(['app', '--language', 'js', '--tool=cdk'])).toEqual({
      do: 'create',
      given: { folder: 'app', language: 'js', tool: 'cdk' },
    });
  });

  it.each([
    [['--tool', 'terraform'], '--tool is one of serverless, sam, cdk, not "terraform".'],
    [['--language', 'toString'], '--language is one of ts, js, not "toString".'],
    [['--tol', 'cdk'], "Unknown option '--tol'."],
    [['one', 'two'], 'One folder can be created at a time, not one and two.'],
  ])('%j are refused', (args, problem) => {
    expect(() => readArguments(args)).toThrow(
      expect.objectContaining({
        code: 'ASYNC_HTTP_CREATE_USAGE',
        message: expect.stringContaining(problem),
      }),
    );
  });
});
