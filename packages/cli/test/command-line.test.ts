import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../src/command-line.ts';

describe('the command line', () => {
  it('checks the current folder, unless another path is named', () => {
    expect(readCommandLine(['check'])).toEqual({
      do: 'check',
      path: '.',
      stage: undefined,
      json: false,
    });
  });

  it('takes a path, a stage and the form of the report', () => {
    expect(readCommandLine(['check', 'app/serverless.yml', '--stage', 'prod', '--json'])).toEqual({
      do: 'check',
      path: 'app/serverless.yml',
      stage: 'prod',
      json: true,
    });
  });

  it('explains a command, too', () => {
    expect(readCommandLine(['check', '--help'])).toEqual({ do: 'help' });
  });

  it.each([
    [[], 'There is no command; use: async-http check.'],
    [['deploy'], 'There is no command deploy; there is only check.'],
    [['check', 'a', 'b'], 'check takes one path, not also b.'],
    [['check', '--fix'], "Unknown option '--fix'."],
    [['check', '--stage'], "Option '--stage <value>' argument missing."],
  ])('refuses %j', (args, reason) => {
    expect(() => readCommandLine(args)).toThrow(
      expect.objectContaining({
        code: 'ASYNC_HTTP_CHECK_USAGE',
        message: `${reason} See: async-http --help`,
      }),
    );
  });
});
