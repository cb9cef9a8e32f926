import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ExtensionPuppet, requestIdOf, stage } from '../support/puppets.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INVALID_STATE = (from: string, to: string, id: string) => ({
  errorType: 'Extension.InvalidExtensionState',
  errorMessage:
    `State transition from ${from} to ${to} failed for extension ${id}. ` +
    'Error: State transition is not allowed',
});

/** An extension that has registered, and a runtime that waits to be served; one invoke is under way. */
async function registered(events = ['INVOKE', 'SHUTDOWN'], options = {}) {
  const play = await stage({ extensions: ['first'], runtime: true, ...options });
  const result = play.lambda.invoke({ from: 'caller' });
  result.catch(() => {});
  const first = await play.extension('first');
  await first.register(events);
  return { ...play, first, result };
}

/** The same, with the runtime running the invoke and the extension told about it. */
async function inInvoke(events = ['INVOKE', 'SHUTDOWN'], options = {}) {
  const play = await registered(events, options);
  const event = play.first.next();
  event.catch(() => {});
  const runtime = await play.runtime();
  const request = await runtime.next();
  return { ...play, event, runtimePuppet: runtime, request };
}

describe('Extensions API: next', () => {
  it('delivers INVOKE with the deadline and id that the runtime gets, without the payload', async () => {
    const { event, request, lambda } = await inInvoke();

    const { status, headers, json } = await event;

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['lambda-extension-event-identifier']).toMatch(UUID);
    expect(json).toEqual({
      eventType: 'INVOKE',
      deadlineMs: Number(request.headers['lambda-runtime-deadline-ms']),
      requestId: requestIdOf(request),
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function',
      tracing: { type: 'X-Amzn-Trace-Id', value: request.headers['lambda-runtime-trace-id'] },
    });
    expect(lambda.name).toBe('function');
  });

  it('delivers SHUTDOWN with its deadline and reason, and no event identifier', async () => {
    const { event, runtimePuppet, request, first, lambda } = await inInvoke();
    await event;
    const next = first.next();
    await runtimePuppet.post(`invocation/${requestIdOf(request)}/response`, { body: {} });
    void runtimePuppet.next().catch(() => {});
    await lambda.idle();
    const before = Date.now();

    const over = lambda.shutdown('spindown');
    const { headers, json } = await next;

    expect(json).toEqual({
      eventType: 'SHUTDOWN',
      deadlineMs: expect.any(Number),
      shutdownReason: 'spindown',
    });
    expect(json.deadlineMs - before).toBeGreaterThanOrEqual(1_990);
    expect(headers['lambda-extension-event-identifier']).toBeUndefined();
    await first.process.exit(0);
    await over;
  });

  it('has another event identifier for each event and extension (RIE@4fa2157)', async () => {
    const { lambda, extension, runtime } = await stage({
      extensions: ['first', 'second'],
      runtime: true,
    });
    const invoke = lambda.invoke({});
    const extensions = [await extension('first'), await extension('second')];
    await Promise.all(extensions.map((puppet) => puppet.register()));
    const nextIds = async () => {
      const events = await Promise.all(extensions.map((puppet) => puppet.next()));
      return events.map(({ headers }) => headers['lambda-extension-event-identifier']);
    };
    const ids = nextIds();
    const process = await runtime();
    await process.serve();
    await invoke;
    const known = await ids;

    const second = nextIds();
    void process.serve().catch(() => {});
    await lambda.until(({ type }) => type === 'frozen');
    void lambda.invoke({}).catch(() => {});

    expect(new Set([...known, ...(await second)]).size).toBe(4);
    for (const id of known) expect(id).toMatch(UUID);
  });

  it('refuses the call after one whose connection was dropped (RIE@4fa2157)', async () => {
    const { first, lambda } = await registered();
    const [host, port] = first.api.split(':');
    const socket = connect(Number(port), host);
    const identifier = `Lambda-Extension-Identifier: ${first.id}`;
    socket.write(
      `GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: x\r\n${identifier}\r\n\r\n`,
    );
    await lambda.until(({ type }) => type === 'extension.next');
    socket.destroy();

    const { status, json } = await first.next();

    expect(status).toBe(403);
    expect(json).toEqual(INVALID_STATE('Ready', 'Ready', first.id));
  });

  it('holds the environment until it is called again', async () => {
    const { event, runtimePuppet, request, first, lambda, result } = await inInvoke();
    await event;
    await runtimePuppet.post(`invocation/${requestIdOf(request)}/response`, { body: {} });
    void runtimePuppet.next().catch(() => {});
    await result;
    await lambda.until(({ type }) => type === 'runtime.done');
    // Nothing can be awaited that does not happen.
    await delay(200);
    expect(lambda.story()).not.toContain('invoke.end');

    void first.next().catch(() => {});
    await lambda.idle();

    expect(lambda.story().slice(-3)).toEqual(['extension.next', 'invoke.end', 'frozen']);
  });

  it('does not hold the environment for an extension that is not registered for INVOKE', async () => {
    const { first, runtime, lambda } = await registered(['SHUTDOWN']);
    void first.next().catch(() => {});
    const process = await runtime();
    await process.serve();
    void process.next().catch(() => {});

    await lambda.idle();

    expect(lambda.story().at(-1)).toBe('frozen');
  });
});

describe('Extensions API: init/error and exit/error', () => {
  const report = (first: ExtensionPuppet, path: 'init/error' | 'exit/error') =>
    first.post(path, {
      headers: { ...first.identity, 'Lambda-Extension-Function-Error-Type': 'Extension.Broken' },
      body: { errorMessage: 'broken', errorType: 'Extension.Broken' },
    });

  it('name the fault when the process then ends: Extension.InitError', async () => {
    const { first, lambda } = await registered();
    await report(first, 'init/error');

    await first.process.exit(1);

    const failed = await lambda.until(({ type }) => type === 'init.failed');
    expect(failed).toMatchObject({ errorType: 'Extension.InitError', message: 'exit status 1' });
    await lambda.line(
      /^INIT_REPORT .*\tPhase: init\tStatus: error\tError Type: Extension\.InitError$/,
    );
  });

  it('name the fault when the process then ends: Extension.ExitError', async () => {
    const { event, first, result } = await inInvoke();
    await event;
    await report(first, 'exit/error');

    await first.process.exit(1);

    const { functionError, payload, requestId } = await result;
    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload.toString())).toEqual({
      errorType: 'Extension.ExitError',
      errorMessage: `RequestId: ${requestId} Error: exit status 1`,
    });
  });
});

describe('Extensions API: internal extensions', () => {
  it('gate the end of every invoke like external ones', async () => {
    const { first, runtime, lambda } = await registered([]);
    void first.next().catch(() => {});
    const process = await runtime();
    const inside = new ExtensionPuppet('inside', process);
    await inside.register(['INVOKE']);
    const event = inside.next();
    await process.serve();
    void process.next().catch(() => {});
    await lambda.until(({ type }) => type === 'runtime.done');
    await delay(200);

    expect((await event).json).toMatchObject({ eventType: 'INVOKE' });
    expect(lambda.story()).not.toContain('invoke.end');

    void inside.next().catch(() => {});
    await lambda.idle();
    expect(lambda.story().at(-1)).toBe('frozen');
  });
});
