import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import {
  fixture,
  invoke,
  linesWith,
  ONE_RUNTIME,
  startFunction,
} from './support/start-function.ts';

let fauxqs: Fauxqs;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
afterAll(() => fauxqs.close());

/** A file with a syntax error cannot lie in the repository: the formatter would have to read it. */
function codeWithSyntaxError(): string {
  const code = mkdtempSync(join(tmpdir(), 'code-'));
  onTestFinished(() => rmSync(code, { recursive: true }));
  cpSync(fixture('app'), code, { recursive: true });
  writeFileSync(join(code, 'syntax-error.js'), 'exports.handler = async () => {');
  return code;
}

/** What can be known without loading anything. */
const KNOWN_BEFORE: [what: string, handler: string | undefined, reason: RegExp][] = [
  ['missing', undefined, /ASYNC_HANDLER is missing/],
  ['malformed', '../jobs/say.handler', /ASYNC_HANDLER must look like/],
  ['a file that does not exist', 'jobs/missing.handler', /there is no .*jobs\/missing\.js/],
];

const KNOWN_AFTERWARDS: [what: string, handler: string, reason: RegExp][] = [
  ['an export that does not exist', 'jobs/say.other', /Runtime\.HandlerNotFound/],
  [
    'not a function',
    'unloadable/not-a-function.handler',
    /Runtime\.HandlerNotFound.*not a function/,
  ],
  ['a file that throws', 'unloadable/throws.handler', /no database/],
  ['a file with a syntax error', 'syntax-error.handler', /Runtime\.UserCodeSyntaxError/],
];

describe.each(ONE_RUNTIME)('ASYNC_HANDLER is wrong, on %s:', (runtime) => {
  it.each(KNOWN_BEFORE)('%s: every hand-off is refused', async (_, handler, reason) => {
    const environment = { ...(handler !== undefined && { ASYNC_HANDLER: handler }) };
    const lambda = await startFunction({ runtime, handler: 'function.tellError', environment });

    const { reply, functionError } = await invoke(lambda);
    await lambda.idle();

    expect(functionError).toBeUndefined();
    expect(reply).toEqual({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
      message: expect.stringMatching(reason),
    });
    expect(linesWith(lambda, /\tERROR\t/)[0]).toMatch(reason);
  });

  it.each(KNOWN_AFTERWARDS)(
    '%s: the first job fails and is recorded, every later hand-off is refused',
    async (_, handler, reason) => {
      const queue = await fauxqs.createQueue(`unavailable-${randomUUID()}`);
      const lambda = await startFunction({
        runtime,
        code: codeWithSyntaxError(),
        handler: 'function.tellError',
        environment: {
          ASYNC_HANDLER: handler,
          ASYNC_HTTP_ON_FAILURE: queue.arn,
          AWS_ENDPOINT_URL_SQS: fauxqs.endpoint,
        },
      });

      const first = await invoke(lambda);
      await lambda.idle();
      const second = await invoke(lambda);
      await lambda.idle();

      expect(first.reply).toEqual({ jobId: `${first.requestId}.1`, isDuplicate: false });
      expect(await queue.receive()).toMatchObject([
        { requestContext: { requestId: first.requestId, condition: 'RetriesExhausted' } },
      ]);
      expect(second.reply).toEqual({
        code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
        message: expect.stringMatching(reason),
      });
      expect(linesWith(lambda, /\tERROR\t.*cannot be loaded/)).toHaveLength(1);
    },
  );

  it('it never finishes loading: the job is recorded before the function times out', async () => {
    const queue = await fauxqs.createQueue(`unavailable-${randomUUID()}`);
    const lambda = await startFunction({
      runtime,
      handler: 'function.tellError',
      timeoutMs: 3_000,
      environment: {
        ASYNC_HANDLER: 'unloadable/never.handler',
        ASYNC_HTTP_ON_FAILURE: queue.arn,
        AWS_ENDPOINT_URL_SQS: fauxqs.endpoint,
      },
    });

    const { requestId } = await invoke(lambda);
    await lambda.idle();

    expect(lambda.timeline.filter(({ type }) => type === 'timeout')).toEqual([]);
    expect(await queue.receive()).toMatchObject([
      { requestContext: { requestId, condition: 'DeadlineExceeded' } },
    ]);
  });

  it('it is missing, and the handler is the proxy: said at INIT, before any request', async () => {
    const lambda = await startFunction({ runtime, handler: '/opt/proxy.handler' });

    await invoke(lambda);

    const lines = lambda.logs.map(({ line }) => line);
    const error = lines.findIndex((line) => line.includes('ASYNC_HANDLER is missing'));
    expect(error).toBeGreaterThan(-1);
    expect(error).toBeLessThan(lines.findIndex((line) => line.startsWith('START ')));
    await lambda.idle();
    expect(
      linesWith(lambda, 'ASYNC_HANDLER is missing; .* every hand-off is refused'),
    ).toHaveLength(1);
  });

  it('it is missing, and nothing is handed off: nothing is said', async () => {
    const lambda = await startFunction({ runtime, handler: 'function.doNothing' });

    await invoke(lambda);
    await lambda.idle();

    expect(linesWith(lambda, /ERROR/)).toEqual([]);
  });

  it("the proxy's caller gets an error, never an ok", async () => {
    const lambda = await startFunction({
      runtime,
      handler: '/opt/proxy.handler',
      environment: { ASYNC_HANDLER: 'jobs/missing.handler' },
    });

    const { functionError, reply } = await invoke(lambda);
    await lambda.idle();

    expect(functionError).toBe('Unhandled');
    expect(reply.errorMessage).toContain('ASYNC_HANDLER is "jobs/missing.handler"');
  });
});

describe.each(ONE_RUNTIME)('before anything is sent, on %s, the client refuses', (runtime) => {
  const environment = { ASYNC_HANDLER: 'jobs/say.handler' };

  it('an event that does not survive JSON', async () => {
    const lambda = await startFunction({ runtime, handler: 'function.sendCycle', environment });

    expect((await invoke(lambda)).reply).toMatchObject({ code: 'ASYNC_HTTP_PAYLOAD_INVALID' });
  });

  it('a context that is not from Lambda', async () => {
    const lambda = await startFunction({
      runtime,
      handler: 'function.sendWithoutContext',
      environment,
    });

    expect((await invoke(lambda)).reply).toMatchObject({
      code: 'ASYNC_HTTP_PAYLOAD_INVALID',
      message: expect.stringContaining('awsRequestId'),
    });
  });
});
