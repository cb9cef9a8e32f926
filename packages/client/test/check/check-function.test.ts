import { describe, expect, it } from 'vitest';
import { checkFunction, type FunctionFacts } from '../../src/check/index.ts';

const FINE: FunctionFacts = {
  isImage: false,
  runtime: 'nodejs24.x',
  timeoutSeconds: 60,
  memoryMiB: 256,
  runsJobs: true,
  variables: { ASYNC_HANDLER: 'index.background' },
};

const FRAMEWORK = { whose: "the framework's", timeoutSeconds: 6, memoryMiB: 1024 };

const found = (facts: Partial<FunctionFacts>) =>
  checkFunction({ ...FINE, ...facts }).map(({ rule, severity, text }) => [severity, rule, text]);

describe('a function before its deploy', () => {
  it.each<[string, Partial<FunctionFacts>]>([
    ['has all that jobs need', {}],
    ['has the longest timeout of Lambda', { timeoutSeconds: 900 }],
    [
      'leaves its memory to a tool that gives enough',
      { memoryMiB: undefined, defaults: FRAMEWORK },
    ],
    [
      'has settings that only the deployment knows',
      { runtime: 'unknown', timeoutSeconds: 'unknown', memoryMiB: 'unknown' },
    ],
    ['has its jobs run elsewhere', { timeoutSeconds: 1, memoryMiB: 128, runsJobs: false }],
  ])('has no findings when it %s', (_, facts) => {
    expect(found(facts)).toEqual([]);
  });

  it('cannot have a timeout longer than Lambda allows', () => {
    expect(found({ timeoutSeconds: 901 })).toEqual([
      [
        'error',
        'timeout',
        'The timeout is 901 s, and Lambda takes 900 s at most, so the deployment would fail',
      ],
    ]);
  });

  it('is only warned of a default timeout that leaves some room', () => {
    expect(found({ timeoutSeconds: undefined, defaults: FRAMEWORK })).toEqual([
      [
        'warning',
        'timeout',
        "The timeout is the framework's default of 6 s, because none is set. It covers the request and the background work after it, so jobs would be cut off",
      ],
    ]);
  });

  it.each<[string, Partial<FunctionFacts>, string[]]>([
    ['a runtime without the layer', { runtime: 'python3.13' }, ['error runtime']],
    ['a container image', { isImage: true }, ['error image']],
    ['no timeout, as Lambda takes 3 s then', { timeoutSeconds: undefined }, ['error timeout']],
    ['little memory', { memoryMiB: 128 }, ['warning memory']],
    ['a wrong variable', { variables: { ASYNC_HANDLER: '../jobs' } }, ['error variable']],
  ])('is found with %s', (_, facts, findings) => {
    expect(found(facts).map(([severity, rule]) => `${severity} ${rule}`)).toEqual(findings);
  });
});
