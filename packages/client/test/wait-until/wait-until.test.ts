import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitUntil, withWaitUntil } from '../src/index.ts';
import { marginMs } from '../src/wait-until/margin.ts';
import { runFixture } from './run-fixture.ts';

describe('waitUntil', () => {
  it('runs what it is given outside Lambda, and says nothing of holds', async () => {
    const { output, exitCode } = await runFixture('waits-outside-lambda.mjs', {}).ended;

    for (const line of ['reply', 'true', 'function', 'promise']) {
      expect(output).toContain(`${line}\n`);
    }
    expect(output).toMatch(/^waitUntil: work of request r1 failed \(.*\): Error: refused$/m);
    expect(output).not.toContain('ASYNC_HTTP_NO_HOLD');
    expect(exitCode).toBe(0);
  });

  it.each([undefined, null, 'text', 7, {}])('refuses %j', (work) => {
    expect(() => waitUntil(work as never)).toThrow(TypeError);
  });
});

describe('withWaitUntil', () => {
  it('declares no parameters that the runtime client of Node.js 24 would refuse', () => {
    expect(withWaitUntil(async (_a: unknown, _b: unknown, _c: unknown) => {}).length).toBeLessThan(
      3,
    );
  });

  it('keeps what makes a streaming handler one', () => {
    const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
    const handler = Object.assign(async () => {}, { [streaming]: 'response' });

    expect(withWaitUntil(handler)[streaming]).toBe('response');
  });

  it('gives back what the handler gives back, or throws', async () => {
    const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 3000 };

    expect(
      await withWaitUntil(async (event, _context: object) => event)('e' as never, context),
    ).toBe('e');
    expect(withWaitUntil((event, _context: object) => event)('e' as never, context)).toBe('e');
    const failing = withWaitUntil(async (_event: string, _context: object) => {
      throw new Error('mine');
    });
    await expect(failing('e', context)).rejects.toThrow('mine');
  });
});

describe('register', () => {
  it('has been answered when require() returns', async () => {
    let registered = 0;
    const lambda = createServer((request, response) => {
      request.resume().on('end', () => {
        if (!request.url?.endsWith('/register')) return;
        registered += 1;
        response.setHeader('Lambda-Extension-Identifier', 'an-id').write('{'); // In two parts.
        setTimeout(() => response.end('}'), 50);
      });
    });
    await new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void lambda.close().closeAllConnections());
    const AWS_LAMBDA_RUNTIME_API = `127.0.0.1:${(lambda.address() as AddressInfo).port}`;

    const { output } = await runFixture('registers.cjs', { AWS_LAMBDA_RUNTIME_API }).ended;

    expect(output).toBe('registered\n');
    expect(registered).toBe(1);
  });

  it('says loudly when Lambda does not take it, and the function starts all the same', async () => {
    const AWS_LAMBDA_RUNTIME_API = '127.0.0.1:1';

    const { output, exitCode } = await runFixture('registers.cjs', { AWS_LAMBDA_RUNTIME_API })
      .ended;

    expect(output).toContain('ASYNC_HTTP_NO_HOLD: Lambda does not take the function process');
    expect(output).toContain('ECONNREFUSED');
    expect(output).toContain('registered\n');
    expect(exitCode).toBe(0);
  });
});

describe('the margin', () => {
  it.each([
    [undefined, 60_000, 1_000],
    ['250', 60_000, 250],
    ['nonsense', 60_000, 1_000],
    ['1000', 3_000, 600],
    [undefined, -5, 0],
  ])('%s, with %i ms left, is %i ms', (setting, leftMs, expected) => {
    expect(marginMs(setting, leftMs)).toBe(expected);
  });
});
