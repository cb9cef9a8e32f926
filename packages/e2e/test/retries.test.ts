import { describe, expect, it } from 'vitest';
import {
  invoke,
  linesWith,
  ONE_RUNTIME,
  type Runtime,
  startFunction,
} from './support/start-function.ts';

function start(runtime: Runtime, variables: Record<string, string> = {}, timeoutMs?: number) {
  return startFunction({
    runtime,
    environment: { ASYNC_HANDLER: 'jobs/attempts.byEvent', ...variables },
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

const ATTEMPTS = 'job says attempt';

describe.each(ONE_RUNTIME)('a job that fails, on %s,', (runtime) => {
  it('is tried again, and its attempts are counted from 1', async () => {
    const lambda = await start(runtime);

    const { requestId } = await invoke(lambda, { does: 'fails', untilAttempt: 3 });
    await lambda.idle();

    const attempts = linesWith(lambda, ATTEMPTS).map((line) => line.replace(/.*\t/, ''));
    expect(attempts).toEqual([1, 2, 3].map((n) => `${ATTEMPTS} ${n}`));
    expect(linesWith(lambda, 'job succeeded')).toEqual([
      expect.stringMatching(
        new RegExp(
          `\t${requestId}\tINFO\t.*"jobId":"${requestId}\\.1","outcome":"Success","attempts":3,"durationMs":\\d+}$`,
        ),
      ),
    ]);
  });

  it('has failed permanently after three attempts, with the last error', async () => {
    const lambda = await start(runtime);

    await invoke(lambda, { does: 'fails' });
    await lambda.idle();

    expect(linesWith(lambda, ATTEMPTS)).toHaveLength(3);
    expect(linesWith(lambda, /\tERROR\t\[async-http\] job failed/)).toEqual([
      expect.stringMatching(
        /"outcome":"RetriesExhausted","attempts":3,.*"errorType":"RangeError","errorMessage":"failure 3"/,
      ),
    ]);
  });

  it('is tried as often as ASYNC_HTTP_MAX_RETRY_ATTEMPTS says', async () => {
    const lambda = await start(runtime, { ASYNC_HTTP_MAX_RETRY_ATTEMPTS: '0' });

    await invoke(lambda, { does: 'fails' });
    await lambda.idle();

    expect(linesWith(lambda, ATTEMPTS)).toHaveLength(1);
    expect(linesWith(lambda, '"outcome":"RetriesExhausted","attempts":1')).toHaveLength(1);
  });

  it('is not tried again after a NonRetriableError', async () => {
    const lambda = await start(runtime);

    await invoke(lambda, { does: 'gives up' });
    await lambda.idle();

    expect(linesWith(lambda, ATTEMPTS)).toHaveLength(1);
    expect(linesWith(lambda, '"errorType":"NonRetriableError"')).not.toEqual([]);
  });

  it('is tried again when a RetryAfterError says', async () => {
    const lambda = await start(runtime);

    await invoke(lambda, { does: 'asks for time', ms: 700, untilAttempt: 2 });
    await lambda.idle();

    const [first, second] = lambda.logs.filter(({ line }) => line.includes(ATTEMPTS));
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(695);
  });

  it('does not wait for a time that the function does not have', async () => {
    const lambda = await start(runtime);

    const startedAt = Date.now();
    await invoke(lambda, { does: 'asks for time', ms: 60_000 });
    await lambda.idle();

    expect(Date.now() - startedAt).toBeLessThan(8_000);
    expect(linesWith(lambda, '"outcome":"DeadlineExceeded","attempts":1')).toHaveLength(1);
  });

  it('is too old for another attempt when ASYNC_HTTP_MAX_EVENT_AGE_SECONDS have passed', async () => {
    const lambda = await start(runtime, { ASYNC_HTTP_MAX_EVENT_AGE_SECONDS: '60' }, 120_000);

    await invoke(lambda, { does: 'asks for time', ms: 61_000 });
    await lambda.idle();

    expect(linesWith(lambda, '"outcome":"EventAgeExceeded","attempts":1')).toHaveLength(1);
  });
});
