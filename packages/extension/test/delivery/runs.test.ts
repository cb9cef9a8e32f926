import { describe, expect, it } from 'vitest';
import { Runs } from '../../src/delivery/runs.ts';
import { Hold } from '../../src/hold/hold.ts';
import type { Destinations } from '../../src/jobs/settlement.ts';
import { answerTo } from '../support/answers.ts';
import { destination, failure, SUCCESS, scriptedHandler } from '../support/jobs.ts';
import { logFolder } from '../support/log-folder.ts';
import { memoryLog } from '../support/memory-log.ts';

const NOWHERE: Destinations = { onSuccess: undefined, onFailure: undefined };

/** Runs during an invocation of the consumer. */
function start({
  results = [SUCCESS],
  destinations = NOWHERE,
  timeMs = 30_000,
}: {
  results?: Parameters<typeof scriptedHandler>[0];
  destinations?: Destinations;
  timeMs?: number;
} = {}) {
  const folder = logFolder();
  const handler = scriptedHandler(results);
  const output = memoryLog();
  const hold = new Hold({ maxMarginMs: 1_000 });
  const deadlineMs = Date.now() + timeMs;
  const { released } = hold.begin({ requestId: 'consumer', deadlineMs });
  const settled: string[] = [];
  const runs = new Runs({
    handlerProcess: handler.handlerProcess,
    destinations,
    statuses: undefined,
    hold,
    onSettled: ({ condition }) => settled.push(condition),
    log: output.log,
  });
  let number = 0;
  return {
    ...handler,
    ...output,
    hold,
    runs,
    released,
    settled,
    left: () => [...folder.open().recover()],
    accept(facts: object = {}) {
      number += 1;
      const ring = folder.client(number).append({
        kind: 'run',
        jobId: 'origin.1',
        requestId: 'consumer',
        originRequestId: 'origin',
        attempt: 2,
        deadlineMs,
        ...facts,
      });
      const entry = folder.logs.find(ring);
      if (!entry) throw new Error('not found');
      runs.accept(entry);
      return () => answerTo(folder.folder, ring);
    },
  };
}

describe('one attempt of a job that an engine delivered', () => {
  it('is answered with the result, and is not left in the log', async () => {
    const { accept, released, hold, lines, attempts, left, settled } = start();

    const answer = accept();
    hold.end('consumer');
    await released;

    expect(answer()).toEqual({ status: 'succeeded', result: 'done' });
    expect(attempts).toMatchObject([{ jobId: 'origin.1', requestId: 'origin', attempt: 2 }]);
    expect(lines).toMatchObject([
      { level: 'INFO', message: 'job succeeded', fields: { requestId: 'origin', attempts: 2 } },
    ]);
    expect(left()).toEqual([]);
    expect(settled).toEqual(['Success']);
  });

  it('that fails is answered with its error, and not repeated: that is the part of the engine', async () => {
    const { accept, released, hold, levels, attempts, settled } = start({ results: [failure()] });

    const answer = accept();
    hold.end('consumer');
    await released;

    expect(answer()).toMatchObject({
      status: 'failed',
      errorMessage: 'no',
      retriable: true,
      isRecorded: false,
    });
    expect(attempts).toHaveLength(1);
    expect(levels()).toEqual(['WARN']);
    expect(settled).toEqual([]);
  });

  it('that cannot succeed is recorded here where there is a destination, and the engine need not keep it', async () => {
    const { destination: onFailure, records } = destination();
    const { accept, released, hold } = start({
      results: [failure({ errorType: 'NonRetriableError' })],
      destinations: { ...NOWHERE, onFailure },
    });

    const answer = accept();
    hold.end('consumer');
    await released;

    expect(answer()).toMatchObject({ status: 'failed', retriable: false, isRecorded: true });
    expect(records).toHaveLength(1);
  });

  it('that could not be recorded stays with the engine', async () => {
    const { destination: onFailure } = destination('ASYNC_HTTP_DESTINATION_DENIED');
    const { accept, released, hold, settled } = start({
      results: [failure({ errorType: 'NonRetriableError' })],
      destinations: { ...NOWHERE, onFailure },
    });

    const answer = accept();
    hold.end('consumer');
    await released;

    expect(answer()).toMatchObject({ status: 'failed', isRecorded: false });
    expect(settled).toEqual([]);
  });

  it('is answered before its record is sent, so that the engine does not deliver a job again that is done', async () => {
    const { destination: onSuccess } = destination('ASYNC_HTTP_DESTINATION_UNREACHABLE');
    const { accept, hold } = start({ destinations: { ...NOWHERE, onSuccess } });

    const answer = accept();
    await new Promise(setImmediate);

    expect(answer()).toEqual({ status: 'succeeded', result: 'done' });
    expect(hold.current).toBeDefined();
  });

  it('is killed when its time is over', async () => {
    const { accept, runs, lines } = start({ results: [], timeMs: 500 });

    const answer = accept();
    await expect.poll(answer).toMatchObject({ status: 'failed', errorType: 'Runtime.ExitError' });

    expect(lines).toMatchObject([
      { level: 'WARN', message: expect.stringContaining('still running at the deadline') },
    ]);
    await runs.shutdown(Date.now());
  });

  it('is told when the environment ends, and no other begins', async () => {
    const { accept, runs, aborted } = start({ results: [] });
    const running = accept();

    await runs.shutdown(Date.now() + 100);
    const late = accept();

    expect(aborted).toEqual(['shutdown']);
    expect(running()).toMatchObject({ status: 'failed' });
    expect(late()).toEqual({
      status: 'refused',
      refusal: {
        code: 'ASYNC_HTTP_SHUTTING_DOWN',
        message:
          'Lambda is ending this environment, so the job was not run. The engine delivers it again.',
      },
    });
  });

  it('is refused when the request of its consumer is over', async () => {
    const { accept, hold, released } = start();
    hold.end('consumer');
    await released;

    expect(accept()()).toMatchObject({
      refusal: {
        message:
          'The request of the consumer is over, so the job was not run. The engine delivers it again.',
      },
    });
  });

  it('is not refused when Lambda repeats the request of the consumer with its id', async () => {
    const { accept, hold, released } = start();
    hold.end('consumer');
    await released;

    // Faster than its INVOKE.
    const answer = accept({ deadlineMs: Date.now() + 90_000 });
    const again = hold.begin({ requestId: 'consumer', deadlineMs: Date.now() + 90_000 });
    hold.end('consumer');
    await again.released;

    expect(answer()).toEqual({ status: 'succeeded', result: 'done' });
  });
});
