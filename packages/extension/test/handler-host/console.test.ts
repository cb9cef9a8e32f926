import { describe, expect, it } from 'vitest';
import { Host } from '../fixtures/host.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;

describe.each(NODE_PROGRAMS)('console lines of a background handler on Node.js $major', (node) => {
  const outsideOfJobs = node.major >= 24 ? '-' : 'undefined';

  it('look like the function’s own in the text format', async () => {
    const host = new Host({ node });
    await host.load('logs.handler');
    await host.run({ log: 'shapes' });

    expect(lines(await host.end())).toEqual([
      `<time>\t${outsideOfJobs}\tINFO\twhile loading`,
      '<time>\trequest-1\tINFO\tit has 2 { a: { b: [ 1 ] } }',
      '<time>\trequest-1\tINFO\ttwo\rlines',
      '<time>\trequest-1\tINFO\t{ answer: 42 }',
      '<time>\trequest-1\tINFO\tundefined',
      expect.stringMatching(/^<time>\trequest-1\tERROR\tRangeError: alone\r {4}at handler /),
      expect.stringMatching(
        /^<time>\trequest-1\tERROR\twith RangeError: an error\r {4}at handler /,
      ),
      '<time>\trequest-1\tINFO\t{ big: 1n }',
    ]);
  });

  it('look like the function’s own in the JSON format', async () => {
    const host = new Host({ node, env: { AWS_LAMBDA_LOG_FORMAT: 'JSON' } });
    await host.load('logs.handler');
    await host.run({ log: 'shapes' }, { context: { tenantId: 'tenant-1' } });

    const facts = {
      timestamp: expect.stringMatching(TIME),
      requestId: 'request-1',
      jobId: 'request-1.1',
      attempt: 1,
      tenantId: 'tenant-1',
    };
    const stackTrace = expect.arrayContaining([expect.stringMatching(/^ {4}at handler /)]);
    expect(lines(await host.end()).map((line) => JSON.parse(line))).toEqual([
      {
        timestamp: expect.anything(),
        level: 'INFO',
        ...(node.major >= 24 && { requestId: '-' }),
        message: 'while loading',
      },
      { ...facts, level: 'INFO', message: 'it has 2 { a: { b: [ 1 ] } }' },
      { ...facts, level: 'INFO', message: 'two\nlines' },
      { ...facts, level: 'INFO', message: { answer: 42 } },
      { ...facts, level: 'INFO' },
      {
        ...facts,
        level: 'ERROR',
        message: { errorType: 'RangeError', errorMessage: 'alone', stackTrace },
      },
      {
        ...facts,
        level: 'ERROR',
        message: expect.stringMatching(/^with RangeError: an error\n {4}at handler /),
        errorType: 'RangeError',
        errorMessage: 'an error',
        stackTrace,
      },
      { ...facts, level: 'INFO', message: '{ big: 1n }' },
    ]);
  });

  it(`${node.major >= 24 ? 'do not name' : 'name'} the type of an error that comes first, in the JSON format`, async () => {
    const host = new Host({ node, env: { AWS_LAMBDA_LOG_FORMAT: 'JSON' } });
    await host.load('logs.handler');
    await host.run({ log: 'error-first' });

    const line = JSON.parse(lines(await host.end())[1] ?? '');
    expect(line.errorType).toBe(node.major >= 24 ? undefined : 'RangeError');
  });

  it.each([
    [undefined, ['TRACE', 'DEBUG', 'INFO', 'INFO', 'WARN', 'ERROR', 'FATAL']],
    ['warn', ['WARN', 'ERROR', 'FATAL']],
    ['FATAL', ['FATAL']],
    ['nonsense', ['TRACE', 'DEBUG', 'INFO', 'INFO', 'WARN', 'ERROR', 'FATAL']],
  ])('are kept from level %s on', async (level, kept) => {
    const host = new Host({ node, env: { ...(level && { AWS_LAMBDA_LOG_LEVEL: level }) } });
    await host.load('logs.handler');
    await host.run({ log: 'levels' });

    const inJob = lines(await host.end()).filter((line) => line.includes('request-1'));
    expect(inJob.map((line) => line.split('\t')[2])).toEqual(kept);
  });

  it('carry the request id of their own job when several run at once', async () => {
    const host = new Host({ node });
    await host.load('logs.handler');
    host.start({ log: 'twice', name: 'A', delayMs: 500 }, { requestId: 'request-A' });
    host.start({ log: 'twice', name: 'B', delayMs: 1 }, { requestId: 'request-B' });
    for (const type of ['started', 'started', 'succeeded', 'succeeded'] as const)
      await host.next(type);

    expect(lines(await host.end()).slice(1)).toEqual([
      '<time>\trequest-A\tINFO\tA begins',
      '<time>\trequest-B\tINFO\tB begins',
      '<time>\trequest-B\tINFO\tB ends',
      '<time>\trequest-A\tINFO\tA ends',
    ]);
  });
});

function lines({ stdout }: { stdout: string }): string[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(new RegExp(`^${TIME.source}`), '<time>'));
}
