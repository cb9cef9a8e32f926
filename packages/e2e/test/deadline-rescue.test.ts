import { join } from 'node:path';
import { cpuLimitRefusal, type Lambda } from '@async-http/emulator';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import { openGate } from '../src/gate.ts';
import { openStage } from '../src/stage.ts';
import {
  invoke,
  linesWith,
  ONE_RUNTIME,
  type Runtime,
  startFunction,
} from './support/start-function.ts';

let fauxqs: Fauxqs;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
afterAll(() => fauxqs.close());

const TIMEOUT_MS = 3_000;

/** A function with a short timeout, whose failures go to a queue behind a gate. */
async function start(runtime: Runtime, name: string) {
  const gate = await openGate(fauxqs.endpoint);
  onTestFinished(() => gate.close());
  const queue = await fauxqs.createQueue(`${name}-${runtime.slice(0, -2)}`);
  const lambda = await startFunction({
    runtime,
    timeoutMs: TIMEOUT_MS,
    environment: {
      ASYNC_HANDLER: 'jobs/faults.byEvent',
      ASYNC_HTTP_ON_FAILURE: queue.arn,
      AWS_ENDPOINT_URL_SQS: gate.endpoint,
    },
  });
  return { lambda, gate, queue };
}

function timeouts(lambda: Lambda): number {
  return lambda.timeline.filter(({ type }) => type === 'timeout').length;
}

function environments(lambda: Lambda): number {
  return lambda.timeline.filter(({ type }) => type === 'environment.starting').length;
}

describe.each(ONE_RUNTIME)('a job that is running at the deadline, on %s,', (runtime) => {
  it.each([
    ['obeysItsSignal', 'AbortError'],
    ['neverSettles', 'Sandbox.Timedout'],
    ['loopsForEver', 'Sandbox.Timedout'],
  ])('%s: it is recorded, and the function does not time out', async (fault, errorType) => {
    const { lambda, queue } = await start(runtime, fault);

    const { requestId } = await invoke(lambda, { fault });
    await lambda.idle();

    expect(await queue.receive()).toMatchObject([
      {
        requestContext: { requestId, condition: 'DeadlineExceeded', approximateInvokeCount: 1 },
        responsePayload: { errorType },
      },
    ]);
    expect(timeouts(lambda)).toBe(0);
    // The same environment keeps working.
    await invoke(lambda, { fault: 'none' });
    await lambda.idle();
    expect(linesWith(lambda, 'job says fine')).toHaveLength(1);
    expect(environments(lambda)).toBe(1);
  });

  it('is recorded with the next invocation when its destination does not answer in time', async () => {
    const { lambda, gate, queue } = await start(runtime, 'slow');
    gate.setMode('hold');

    await invoke(lambda, { fault: 'neverSettles' });
    await lambda.idle();
    expect(timeouts(lambda)).toBe(0);
    expect(linesWith(lambda, /\tWARN\t.*It is sent with the next invocation/)).toHaveLength(1);
    gate.setMode('pass');
    await queue.receive(); // What the gate let through late.
    await invoke(lambda, { fault: 'none' });
    await lambda.idle();

    expect(await queue.receive()).toMatchObject([
      { requestContext: { condition: 'DeadlineExceeded' } },
    ]);
    expect(environments(lambda)).toBe(1);
  });

  it('ends as one ERROR line with its whole record when the destination stays silent', async () => {
    const { lambda, gate } = await start(runtime, 'silent');
    gate.setMode('hold');

    const { requestId } = await invoke(lambda, { fault: 'neverSettles', order: 7 });
    await lambda.idle();
    await invoke(lambda, { fault: 'none' });
    await lambda.idle();
    await invoke(lambda, { fault: 'none' });
    await lambda.idle();

    const [line = '', ...more] = linesWith(lambda, /\tERROR\t.*could not be delivered/);
    expect(more).toEqual([]);
    expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({
      jobId: `${requestId}.1`,
      outcome: 'DeadlineExceeded',
      code: 'ASYNC_HTTP_DESTINATION_UNREACHABLE',
      record: { requestPayload: { fault: 'neverSettles', order: 7 } },
    });
    expect(timeouts(lambda)).toBe(0);
  });
});

const refusal = await cpuLimitRefusal();

describe.each(ONE_RUNTIME)('with a quarter of a core, on %s,', (runtime) => {
  it.skipIf(refusal)(
    `a rescue is in time for a timeout of 3 s${refusal ? ` (skipped: ${refusal})` : ''}`,
    async () => {
      const stage = await openStage();
      onTestFinished(() => stage.close());
      stage.answerAll({ load: () => ({}) });
      const queue = await fauxqs.createQueue(`little-cpu-${runtime.slice(0, -2)}`);
      const lambda = await startFunction({
        runtime,
        timeoutMs: TIMEOUT_MS,
        cpuCores: 0.25,
        code: join(import.meta.dirname, '../src/remote'),
        handler: 'function.handler',
        environment: {
          ...stage.variables,
          ASYNC_HANDLER: 'job.handler',
          ASYNC_HTTP_ON_FAILURE: queue.arn,
          AWS_ENDPOINT_URL_SQS: fauxqs.endpoint,
        },
      });
      const reply = lambda.invoke({});
      const invoked = await stage.asked('function', { step: 'invoked' });
      invoked.answer({ do: 'hand off', event: { name: 'the job' } });
      (await stage.asked('function', { step: 'handed off' })).answer({ do: 'reply' });
      await reply;
      await lambda.idle();

      // In time or with a later invocation, which one depends on the machine; lost it never is.
      stage.answerAll({ function: () => ({ do: 'reply' }) });
      const records = await queue.receive();
      for (let requests = 0; requests < 5 && records.length === 0; requests += 1) {
        await lambda.invoke({});
        await lambda.idle();
        records.push(...(await queue.receive()));
      }
      expect(records.map(({ requestContext }) => requestContext.condition)).toEqual([
        'DeadlineExceeded',
      ]);
    },
  );
});
