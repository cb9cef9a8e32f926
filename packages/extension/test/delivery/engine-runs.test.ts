import { describe, expect, it } from 'vitest';
import { EngineRuns } from '../../src/delivery/engine-runs.ts';
import type { RunRequest } from '../../src/inbox.ts';
import { Invocations } from '../../src/invocations.ts';
import { handlerProcess, type LogLine } from '../fixtures/handler-process.ts';

/** Runs in a real handler process, during an invocation that has as long as told. */
function startRuns(
  handler: string,
  { timeMs = 30_000, problems = [] }: { timeMs?: number; problems?: string[] } = {},
) {
  const invocations = new Invocations();
  const deadlineMs = Date.now() + timeMs;
  const { released } = invocations.begin({ requestId: 'consumer-1', deadlineMs });
  const logged: LogLine[] = [];
  const at = (level: string) => (message: string, fields?: LogLine['fields']) =>
    void logged.push({ level, message, fields });
  const runs = new EngineRuns({
    handlerProcess: handlerProcess(handler),
    problems,
    destinations: { onSuccess: undefined, onFailure: undefined },
    invocations,
    onSettled: () => {},
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
  });
  const request = (event: unknown, changes: Partial<RunRequest> = {}): RunRequest => ({
    requestId: 'consumer-1',
    deadlineMs,
    traceId: undefined,
    idempotencyKey: 'key-1',
    jobId: 'origin.1',
    originRequestId: 'origin',
    acceptedAt: Date.now(),
    attempt: 2,
    body: Buffer.from(JSON.stringify({ event, context: {} })),
    ...changes,
  });
  return { runs, request, invocations, released, logged };
}

const parsed = async (answer: Promise<string>) => JSON.parse(await answer);

describe('a run', () => {
  it('answers with the result of the handler', async () => {
    const { runs, request, logged } = startRuns('echoes.handler');

    expect(await parsed(runs.run(request({ n: 1 })))).toEqual({
      status: 'succeeded',
      result: { n: 1 },
    });
    expect(logged).toMatchObject([
      { level: 'info', message: 'job succeeded', fields: { requestId: 'origin', attempts: 2 } },
    ]);
  });

  it('answers with the error of the handler, and does not try again', async () => {
    const { runs, request, logged } = startRuns('throws.handler');

    expect(await parsed(runs.run(request({})))).toMatchObject({
      status: 'failed',
      retriable: true,
      isRecorded: false,
    });
    expect(logged.map(({ level }) => level)).toEqual(['warn']);
  });

  it('holds the environment until it has ended', async () => {
    const { runs, request, invocations, released } = startRuns('mixed.handler', {
      timeMs: 1_500,
    });
    const told: string[] = [];
    const run = runs.run(request({ do: 'wait-for-abort' })).then(() => told.push('answered'));
    const hold = released.then(() => told.push('released'));

    invocations.end('consumer-1');
    await Promise.all([run, hold]);

    expect(told).toEqual(['answered', 'released']);
  });

  it('is told when its time is over', async () => {
    const { runs, request } = startRuns('mixed.handler', { timeMs: 1_500 });

    expect(await parsed(runs.run(request({ do: 'wait-for-abort' })))).toMatchObject({
      status: 'succeeded',
      result: { reason: 'deadline' },
    });
  });

  it('that is asked for twice with one key runs once, and is answered twice', async () => {
    const { runs, request, logged } = startRuns('echoes.handler');

    const [first, second] = await Promise.all([
      runs.run(request({ n: 1 })),
      runs.run(request({ n: 1 })),
    ]);

    expect(first).toBe(second);
    expect(logged).toHaveLength(1);
  });

  it('is told when the environment ends, and no other begins', async () => {
    const { runs, request } = startRuns('mixed.handler');
    // Once this one has ended, the handler is loaded.
    await runs.run(request({ do: 'answer' }, { idempotencyKey: 'key-0' }));
    const run = parsed(runs.run(request({ do: 'wait-for-abort' })));
    await new Promise(setImmediate); // So that it has begun.

    await runs.shutdown(Date.now() + 2_000);

    expect(await run).toMatchObject({ status: 'succeeded', result: { reason: 'shutdown' } });
    await expect(runs.run(request({}, { idempotencyKey: 'key-2' }))).rejects.toMatchObject({
      code: 'ASYNC_HTTP_SHUTTING_DOWN',
      message:
        'Lambda is ending this environment, so the job was not run. The engine delivers it again.',
    });
  });
});

describe('a run is refused', () => {
  it('when the handler cannot be loaded', async () => {
    const { runs, request } = startRuns('imports-missing.handler');

    await expect(runs.run(request({}))).rejects.toMatchObject({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
      message: expect.stringMatching(
        /^The background handler cannot run, so the job was not run: /,
      ),
    });
  });

  it('when a variable is bad', async () => {
    const { runs, request } = startRuns('echoes.handler', { problems: ['X is bad'] });

    await expect(runs.run(request({}))).rejects.toMatchObject({
      message: 'The background handler cannot run, so the job was not run: X is bad',
    });
  });

  it('when the request of its consumer is over', async () => {
    const { runs, request, invocations } = startRuns('echoes.handler');
    invocations.end('consumer-1');

    await expect(runs.run(request({}))).rejects.toMatchObject({
      code: 'ASYNC_HTTP_SHUTTING_DOWN',
      message:
        'The request of the consumer is over, so the job was not run. The engine delivers it again.',
    });
  });
});
