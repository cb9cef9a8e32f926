import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import { invoke, ONE_RUNTIME, type Runtime, startFunction } from './support/start-function.ts';

let fauxqs: Fauxqs;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
afterAll(() => fauxqs.close());

const KIB = 1024;
/** Names, ids and the error of a record. */
const RESERVE_KIB = 16;

function start(runtime: Runtime, handler: string, environment: Record<string, string>) {
  return startFunction({
    runtime,
    handler: 'function.tellError',
    memoryMiB: 512,
    environment: {
      ASYNC_HANDLER: handler,
      ASYNC_HTTP_MAX_RETRY_ATTEMPTS: '0',
      AWS_ENDPOINT_URL: fauxqs.endpoint,
      ...environment,
    },
  });
}

/** An event of exactly so many bytes of JSON. */
function eventOf(bytes: number) {
  const event = { does: 'gives up', text: '' };
  return { ...event, text: 'x'.repeat(bytes - JSON.stringify(event).length) };
}

describe.each(ONE_RUNTIME)('a job that could not be recorded is refused, on %s:', (runtime) => {
  it.each([
    ['SQS queue', 1024, (name: string) => fauxqs.createQueue(name)],
    ['SNS topic', 256, (name: string) => fauxqs.createTopic(name)],
  ])('%s', async (kind, limitKiB, create) => {
    const destination = await create(`${kind.slice(0, 3)}-${runtime.slice(0, -2)}`);
    const lambda = await start(runtime, 'jobs/attempts.byEvent', {
      ASYNC_HTTP_ON_FAILURE: destination.arn,
    });
    const limit = (limitKiB - RESERVE_KIB) * KIB;

    const { reply } = await invoke(lambda, eventOf(limit + 1));
    expect(reply).toMatchObject({
      code: 'ASYNC_HTTP_PAYLOAD_TOO_LARGE',
      message: expect.stringMatching(new RegExp(`${limit + 1} bytes.*${limit} bytes.*S3`)),
    });

    // One byte less is recorded in full.
    await invoke(lambda, eventOf(limit));
    await lambda.idle();
    const records = await destination.receive();
    expect(records.map(({ requestPayload }) => JSON.stringify(requestPayload).length)).toEqual([
      limit,
    ]);
  });

  it('S3 takes what no other destination does', async () => {
    const bucket = await fauxqs.createBucket(`large-${runtime.slice(0, -2)}`);
    const lambda = await start(runtime, 'jobs/attempts.byEvent', {
      ASYNC_HTTP_ON_FAILURE: bucket.arn,
    });

    await invoke(lambda, eventOf(5_000_000));
    await lambda.idle();

    const [object] = await bucket.objects();
    expect(JSON.stringify(object?.record.requestPayload)).toHaveLength(5_000_000);
  });
});

describe.each(ONE_RUNTIME)('what a handler returns is recorded, on %s:', (runtime) => {
  it.each([
    ['nothing', { responsePayload: null }],
    ['an object', { responsePayload: { done: true, when: '1970-01-01T00:00:00.000Z' } }],
    [
      'more than the destination takes',
      { responsePayload: null, asyncHttp: { omitted: expect.stringContaining('1500002 bytes') } },
    ],
  ])('%s', async (returns, expected) => {
    const queue = await fauxqs.createQueue(
      `${returns.replaceAll(' ', '-')}-${runtime.slice(0, -2)}`,
    );
    const lambda = await start(runtime, 'jobs/results.byEvent', {
      ASYNC_HTTP_ON_SUCCESS: queue.arn,
    });

    await invoke(lambda, { returns });
    await lambda.idle();

    expect(await queue.receive()).toMatchObject([
      { requestContext: { condition: 'Success' }, ...expected },
    ]);
  });

  it.each(['a cycle', 'a bigint', 'more than Lambda takes'])(
    '%s, which no record can hold, is left out of the record of a job that has succeeded',
    async (returns) => {
      const queue = await fauxqs.createQueue(
        `${returns.replaceAll(' ', '-')}-${runtime.slice(0, -2)}`,
      );
      const lambda = await start(runtime, 'jobs/results.byEvent', {
        ASYNC_HTTP_ON_SUCCESS: queue.arn,
      });

      await invoke(lambda, { returns });
      await lambda.idle();

      expect(await queue.receive()).toMatchObject([
        {
          requestContext: { condition: 'Success', approximateInvokeCount: 1 },
          responsePayload: null,
          asyncHttp: { omitted: expect.any(String) },
        },
      ]);
    },
  );
});
