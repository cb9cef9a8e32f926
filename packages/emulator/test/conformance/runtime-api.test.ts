import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { requestIdOf, stage } from '../support/puppets.ts';

const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());

/** The runtime has just started and asked for nothing yet. */
async function started(options = {}, invoke = {}) {
  const play = await stage({ runtime: true, ...options });
  const result = play.lambda.invoke({ from: 'caller' }, invoke);
  result.catch(() => {});
  return { ...play, process: await play.runtime(), result };
}

/** The runtime has its first event. */
async function running(options = {}, invoke = {}) {
  const play = await started(options, invoke);
  const request = await play.process.next();
  const id = requestIdOf(request);
  const post = (kind: 'response' | 'error', options: Parameters<typeof play.process.post>[1]) =>
    play.process.post(`invocation/${id}/${kind}`, options);
  return { ...play, request, id, post };
}

describe('Runtime API: next', () => {
  it('gives the event, its id, the deadline, the ARN and the trace id', async () => {
    const before = Date.now();
    const { request, lambda } = await running({ timeoutMs: 5_000 });

    expect(request.json).toEqual({ from: 'caller' });
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'lambda-runtime-invoked-function-arn':
        'arn:aws:lambda:us-east-1:123456789012:function:function',
      'lambda-runtime-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]+-[0-9a-f]+/),
    });
    const deadline = Number(request.headers['lambda-runtime-deadline-ms']);
    const start = lambda.timeline.find(({ type }) => type === 'invoke.start')?.at ?? 0;
    expect(deadline).toBeGreaterThanOrEqual(before + 5_000);
    expect(deadline).toBeLessThanOrEqual(start + 5_000);
    for (const absent of ['client-context', 'cognito-identity', 'aws-tenant-id']) {
      expect(request.headers).not.toHaveProperty(`lambda-runtime-${absent}`);
    }
  });

  it('gives the client context, tenant and trace id of the caller', async () => {
    const { request } = await running(
      {},
      { clientContext: { custom: 'ö' }, tenantId: 'blue', traceId: 'Root=1-2-3;Sampled=1' },
    );

    expect(request.headers).toMatchObject({
      'lambda-runtime-aws-tenant-id': 'blue',
      'lambda-runtime-trace-id': 'Root=1-2-3;Sampled=1',
    });
    const context = Buffer.from(String(request.headers['lambda-runtime-client-context']), 'latin1');
    expect(JSON.parse(context.toString())).toEqual({ custom: 'ö' });
  });

  it('gives a repeated request the id that it had', async () => {
    const { id } = await running({}, { requestId: '00000000-0000-4000-8000-000000000001' });

    expect(id).toBe('00000000-0000-4000-8000-000000000001');
  });

  it('while an invoke runs, gives the same event again', async () => {
    const { process, id } = await running();

    expect(requestIdOf(await process.next())).toBe(id);
  });

  it('does not lose an event to a connection that is gone', async () => {
    const { process, lambda, result } = await running();
    await process.post(
      `invocation/${lambda.timeline.findLast(({ requestId }) => requestId)?.requestId}/response`,
      { body: {} },
    );
    await result;
    const [host, port] = process.api.split(':');
    const socket = connect(Number(port), host);
    socket.write('GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n');
    await lambda.idle();
    socket.destroy();
    const second = lambda.invoke({ second: true });
    const next = await process.next();

    expect(next.json).toEqual({ second: true });
    await process.post(`invocation/${requestIdOf(next)}/response`, { body: 2 });
    expect(parse(await second)).toBe(2);
  });
});

describe('Runtime API: streaming', () => {
  const streaming = { 'Lambda-Runtime-Function-Response-Mode': 'streaming' };

  it('hands over the complete stream with its content type', async () => {
    const { post, result } = await running();

    await post('response', {
      headers: { ...streaming, 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' },
      body: 'streamed',
    });

    const { payload, contentType, streaming: isStreaming } = await result;
    expect({ payload: payload.toString(), contentType, isStreaming }).toEqual({
      payload: 'streamed',
      contentType: 'text/plain',
      isStreaming: true,
    });
  });

  it('may be larger than 6 MB', async () => {
    const { post, result } = await running();

    await post('response', { headers: streaming, body: 'x'.repeat(8_000_000) });

    expect((await result).payload).toHaveLength(8_000_000);
  });

  it('an error in the trailers is a function error', async () => {
    const { process, id, result } = await running();
    const error = Buffer.from('{"errorType":"Late"}').toString('base64');
    const [host, port] = process.api.split(':');
    const socket = connect(Number(port), host);
    socket.write(
      `POST /2018-06-01/runtime/invocation/${id}/response HTTP/1.1\r\nHost: ${process.api}\r\n` +
        'Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n' +
        'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n' +
        `4\r\npart\r\n0\r\nLambda-Runtime-Function-Error-Type: Late\r\nLambda-Runtime-Function-Error-Body: ${error}\r\n\r\n`,
    );

    const { payload, functionError } = await result;

    expect(payload.toString()).toBe('part');
    expect(functionError).toBe('Unhandled');
    socket.destroy();
  });
});

describe('Runtime API: init/error', () => {
  it('is taken before the first next; its body is what the caller gets', async () => {
    const { process, result, runtime } = await started();
    const error = { errorType: 'Function.Broken', errorMessage: 'cannot start', stackTrace: [] };
    const headers = { 'Lambda-Runtime-Function-Error-Type': 'Function.Broken' };
    expect(await process.post('init/error', { headers, body: error })).toMatchObject({
      status: 202,
    });
    await process.process.exit(1);
    // The invoke tries again.
    const second = await runtime(2);
    await second.post('init/error', { headers, body: error });
    await second.process.exit(1);

    const answer = await result;

    expect(answer.functionError).toBe('Unhandled');
    expect(parse(answer)).toEqual(error);
  });
});
