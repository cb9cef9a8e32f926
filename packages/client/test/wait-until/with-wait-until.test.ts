import { startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { withWaitUntil } from '../../src/index.ts';
import { runProgram } from '../run-program.ts';

const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 3000 };

describe('withWaitUntil', () => {
  it('declares no parameters that the runtime client of Node.js 24 would refuse', () => {
    const handler = async (_a: unknown, _b: unknown, _c: unknown) => {};

    expect(withWaitUntil(handler).length).toBeLessThan(3);
  });

  it('keeps what makes a streaming handler one', () => {
    const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
    const handler = Object.assign(async () => {}, { [streaming]: 'response' });

    expect(withWaitUntil(handler)[streaming]).toBe('response');
  });

  it('gives back what the handler gives back, or throws', async () => {
    const resolving = withWaitUntil(async (event, _context: object) => event);
    const returning = withWaitUntil((event, _context: object) => event);
    const rejecting = withWaitUntil(async (_event: string, _context: object) => {
      throw new Error('mine');
    });

    expect(await resolving('e' as never, context)).toBe('e');
    expect(returning('e' as never, context)).toBe('e');
    await expect(rejecting('e', context)).rejects.toThrow('mine');
  });
});

/** What a function with this program rings where the runtime does not show when handlers begin and end. */
async function rungBy(program: string) {
  const listener = startListener();
  const { output } = await runProgram(
    `
    import { beginRequest, getDeadline, waitUntil, withWaitUntil } from '@async-http/client';
    const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 3000 };
    ${program}
    `,
    {
      env: { ...listener.env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', _HANDLER: 'index.handler' },
    },
  );
  return { output, lines: listener.lines().map((line) => line.replace(/ \d+\.\d+ /, ' ')) };
}

describe('in a runtime that does not show when handlers end', () => {
  it('rings the end of the request', async () => {
    expect(await rungBy('await withWaitUntil(async () => {})({}, context);')).toEqual({
      output: '',
      lines: ['A 2 -', 'E r1'],
    });
  });

  it('rings it behind the lease of the promises, and calls functions before', async () => {
    const { output, lines } = await rungBy(`
      const handler = withWaitUntil(async () => {
        waitUntil(async () => console.log('called'));
        console.log('handler ends', getDeadline() > Date.now());
      });
      await handler({}, context);
      console.log('reply');
    `);

    expect(output).toBe('handler ends true\nreply\ncalled\n');
    expect(lines).toEqual(['A 2 -', 'L 1', 'E r1', 'L 0']);
  });

  it('rings it also when the handler fails', async () => {
    const { lines } = await rungBy(
      `await withWaitUntil(() => Promise.reject(new Error('mine')))({}, context).catch(() => {});`,
    );

    expect(lines).toEqual(['A 2 -', 'E r1']);
  });

  it('rings no end for a request id that no line can hold', async () => {
    const { lines } = await rungBy(
      `await withWaitUntil(async () => {})({}, { ...context, awsRequestId: 'r1\\nE r2' });`,
    );

    expect(lines).toEqual([]);
  });

  it('middleware makes the deadline known and calls functions, with no end to ring', async () => {
    const { output, lines } = await rungBy(`
      beginRequest(context);
      waitUntil(async () => console.log('called', getDeadline() > Date.now()));
    `);

    expect(output).toBe('called true\n');
    expect(lines).toEqual(['A 2 -', 'L 1', 'L 0']);
  });
});
