import { describe, expect, it } from 'vitest';
import { createClient } from '../src/index.ts';
import { lambdaContext } from './lambda-context.ts';
import { accept, type Received, startStandIn } from './stand-in.ts';

const parse = (received: Received | undefined) => JSON.parse(received?.body ?? '');

describe('a hand-off', () => {
  it('resolves to the id of the job when the extension has accepted it', async () => {
    const extension = await startStandIn();

    const result = await createClient(extension.env).handOff({ order: 7 }, lambdaContext());

    expect(result).toEqual({ jobId: 'request-1.1' });
  });

  it('sends the event, the data of the context, and what the extension must know without parsing them', async () => {
    const extension = await startStandIn();
    const before = Date.now();

    await createClient(extension.env).handOff({ order: 7 }, lambdaContext());

    const [received] = extension.received;
    expect(received).toMatchObject({
      method: 'POST',
      path: '/jobs',
      headers: {
        'async-http-version': '1',
        'async-http-request-id': '8f507cfc-example-request',
        'idempotency-key': expect.any(String),
      },
    });
    expect(received?.headers).not.toHaveProperty('async-http-end');
    expect(received?.headers).not.toHaveProperty('async-http-trace-id');
    const deadlineMs = Number(received?.headers['async-http-deadline-ms']);
    expect(deadlineMs).toBeGreaterThanOrEqual(before + 30_000);
    expect(deadlineMs).toBeLessThanOrEqual(Date.now() + 30_000);
    expect(parse(received)).toEqual({
      event: { order: 7 },
      context: {
        awsRequestId: '8f507cfc-example-request',
        functionName: 'checkout',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
        memoryLimitInMB: '512',
        logGroupName: '/aws/lambda/checkout',
        logStreamName: '2026/11/22/[$LATEST]0123456789abcdef',
      },
    });
  });

  it('can carry the end of its request', async () => {
    const extension = await startStandIn();

    await createClient(extension.env).handOff({}, lambdaContext(), { isLast: true });

    expect(extension.received[0]?.headers['async-http-end']).toBe('1');
  });

  it('names the trace: the one of the context, else the one of the environment', async () => {
    const extension = await startStandIn();
    const { handOff } = createClient({ ...extension.env, _X_AMZN_TRACE_ID: 'Root=1-environment' });

    await handOff({}, lambdaContext({ xRayTraceId: 'Root=1-context' }));
    await handOff({}, lambdaContext());

    const traces = extension.received.map(({ headers }) => headers['async-http-trace-id']);
    expect(traces).toEqual(['Root=1-context', 'Root=1-environment']);
  });

  it('brings 5 MB, and text of several bytes a character, across unharmed', async () => {
    const extension = await startStandIn();
    const { handOff } = createClient(extension.env);
    const large = { body: 'x'.repeat(5_000_000) };
    const multiByte = { body: 'ü漢🎉'.repeat(130_000) };

    await handOff(large, lambdaContext());
    await handOff(multiByte, lambdaContext());

    const [first, second] = extension.received;
    expect(parse(first).event.body === large.body).toBe(true);
    expect(parse(second).event.body === multiByte.body).toBe(true);
  });

  it('counts its bytes: a short event of long characters has the right length', async () => {
    const extension = await startStandIn();

    await createClient(extension.env).handOff('漢🎉', lambdaContext());

    expect(parse(extension.received[0]).event).toBe('漢🎉');
  });

  it('does not wait for another one to be answered', async () => {
    const waiting: (() => void)[] = [];
    const extension = await startStandIn((response, received) => {
      waiting.push(() => accept(response, received));
      if (waiting.length === 10) for (const reply of waiting) reply();
    });
    const { handOff } = createClient(extension.env);

    const results = await Promise.all(
      Array.from({ length: 10 }, () => handOff({}, lambdaContext())),
    );

    expect(results).toHaveLength(10);
  });

  it('has a key of its own', async () => {
    const extension = await startStandIn();
    const { handOff } = createClient(extension.env);

    await Promise.all(Array.from({ length: 20 }, () => handOff({}, lambdaContext())));

    const keys = extension.received.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(20);
  });
});

describe('the end of a request', () => {
  it('is a message of its own when no hand-off carries it', async () => {
    const extension = await startStandIn();

    await createClient(extension.env).endInvocation('request/1');

    expect(extension.received).toMatchObject([
      {
        method: 'POST',
        path: '/invocations/request%2F1/end',
        headers: { 'async-http-version': '1' },
      },
    ]);
  });

  it('never fails the function', async () => {
    const nobody = createClient({ ASYNC_HTTP_SOCKET: '/nowhere/extension.sock' });
    const broken = await startStandIn((response) => response.destroy());
    const angry = await startStandIn((response) => response.writeHead(500).end());

    await expect(nobody.endInvocation('request-1')).resolves.toBeUndefined();
    await expect(createClient(broken.env).endInvocation('request-1')).resolves.toBeUndefined();
    await expect(createClient(angry.env).endInvocation('request-1')).resolves.toBeUndefined();
    await expect(nobody.endInvocation('\ud800')).resolves.toBeUndefined();
  });
});
