import { describe, expect, it } from 'vitest';
import { Deliveries } from '../../src/delivery/deliveries.ts';
import type { Engine } from '../../src/delivery/open-engine.ts';
import { DestinationError } from '../../src/destinations/destination-error.ts';
import { Hold } from '../../src/hold/hold.ts';
import type { JobStatuses } from '../../src/status/job-statuses.ts';
import { answerTo } from '../support/answers.ts';
import { logFolder } from '../support/log-folder.ts';
import { memoryLog } from '../support/memory-log.ts';

const arn = 'arn:aws:sqs:eu-west-1:123456789012:jobs';
const target = {
  service: 'sqs',
  arn,
  partition: 'aws',
  region: 'eu-west-1',
  account: '123456789012',
  name: 'jobs',
} as const;

const KEY_HASH = 'a'.repeat(64);

function start(deliver: Engine['deliver'] = async () => {}, statuses?: JobStatuses) {
  const hold = new Hold({ maxMarginMs: 1_000 });
  const engine: Engine = { target, preload: async () => {}, deliver, close() {} };
  const deliveries = new Deliveries({ engine, statuses, hold, log: memoryLog().log });
  const folder = logFolder();
  const log = folder.client();
  return {
    hold,
    deliveries,
    left: () => [...folder.open().recover()],
    accept(event = '{"order":7}', deadlineMs = Date.now() + 30_000) {
      const ring = log.append({ kind: 'delivery', deadlineMs, keyHash: KEY_HASH }, event);
      const entry = folder.logs.find(ring);
      if (!entry) throw new Error('not found');
      deliveries.accept(entry);
      return () => answerTo(folder.folder, ring);
    },
  };
}

describe('a job for an engine', () => {
  it('is answered when the engine has taken it, and is not left in the log', async () => {
    const taken: string[] = [];
    const { accept, deliveries, left } = start(async (json) => void taken.push(json));

    const answer = accept('{"id":12345678901234567890}');
    await deliveries.ended();

    expect(answer()).toEqual({ status: 'delivered' });
    expect(taken).toEqual([expect.stringContaining('"event":{"id":12345678901234567890}')]);
    expect(left()).toEqual([]);
  });

  it('keeps its key from then on, however long it waits there', async () => {
    const noted: unknown[] = [];
    const note: JobStatuses['note'] = ({ keyHash }, progress) => {
      noted.push({ keyHash, progress });
    };
    const { accept, deliveries } = start(undefined, { note } as unknown as JobStatuses);

    accept();
    await deliveries.ended();

    expect(noted).toEqual([
      { keyHash: KEY_HASH, progress: { status: 'accepted', isWithEngine: true } },
    ]);
  });

  it('holds the environment until then', async () => {
    const taking = Promise.withResolvers<void>();
    const { hold, accept } = start(() => taking.promise);
    const { released } = hold.begin({ requestId: 'r1', deadlineMs: Date.now() + 30_000 });
    accept();
    hold.end('r1');
    expect(hold.current).toBeDefined();

    taking.resolve();

    await released;
  });

  it.each([
    [
      'does not take it',
      new DestinationError({
        code: 'ASYNC_HTTP_DESTINATION_DENIED',
        destination: arn,
        message: 'sqs:SendMessage is missing.',
        cause: undefined,
      }),
      'The job could not be delivered as ASYNC_HTTP_DELIVERY says, so it was not accepted: sqs:SendMessage is missing.',
    ],
    [
      'fails in a way that nobody expects',
      new TypeError('x is not a function'),
      'The job could not be delivered as ASYNC_HTTP_DELIVERY says, so it was not accepted: TypeError: x is not a function',
    ],
  ])('is refused with the reason when the engine %s', async (_, error, message) => {
    const { accept, deliveries } = start(() => Promise.reject(error));

    const answer = accept();
    await deliveries.ended();

    expect(answer()).toEqual({
      status: 'refused',
      refusal: { code: 'ASYNC_HTTP_DELIVERY_FAILED', message },
    });
  });

  it('is refused when it is larger than the engine takes; then nothing is sent', async () => {
    let sent = 0;
    const { accept, deliveries } = start(async () => void sent++);

    const answer = accept(JSON.stringify('x'.repeat(1_048_576)));
    await deliveries.ended();

    expect(answer()).toMatchObject({
      refusal: {
        code: 'ASYNC_HTTP_PAYLOAD_TOO_LARGE',
        message: expect.stringMatching(
          /^The job has 10\d{5} bytes\. ASYNC_HTTP_DELIVERY \(arn:\S+:jobs\) takes 1048576, so it was not accepted\. Put the data into S3 and hand off its key\.$/,
        ),
      },
    });
    expect(sent).toBe(0);
  });

  it('is given up before the time of its request is over, so that the function can still reply', async () => {
    const { accept, deliveries } = start(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const deadlineMs = Date.now() + 500;

    const answer = accept('1', deadlineMs);
    await deliveries.ended();

    expect(answer()).toMatchObject({ status: 'refused' });
  });
});
