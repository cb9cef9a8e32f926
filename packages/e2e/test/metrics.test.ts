import { describe, expect, it } from 'vitest';
import { invoke, linesWith, ONE_RUNTIME, startFunction } from './support/start-function.ts';

const environment = { ASYNC_HANDLER: 'jobs/attempts.byEvent' };

describe.each(ONE_RUNTIME)('what is reported of jobs, on %s:', (runtime) => {
  it('one line when a job ends, in text', async () => {
    const lambda = await startFunction({ runtime, environment });

    const { requestId } = await invoke(lambda, { does: 'gives up' });
    await lambda.idle();

    const [line = '', ...more] = linesWith(lambda, /\[async-http\] job (?!accepted)/);
    expect(more).toEqual([]);
    const [, request, level, text = ''] = line.split('\t');
    expect([request, level]).toEqual([requestId, 'ERROR']);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual({
      jobId: `${requestId}.1`,
      outcome: 'RetriesExhausted',
      attempts: 1,
      durationMs: expect.any(Number),
      errorType: 'NonRetriableError',
      errorMessage: 'of no use',
      stackTrace: expect.arrayContaining([expect.stringContaining('attempts.js')]),
    });
  });

  it('the same in JSON, where the function logs in JSON', async () => {
    const lambda = await startFunction({
      runtime,
      environment: { ...environment, AWS_LAMBDA_LOG_FORMAT: 'JSON' },
    });

    const { requestId } = await invoke(lambda, { does: 'fails', untilAttempt: 2 });
    await lambda.idle();

    const lines = linesWith(lambda, 'job succeeded').map((line) => JSON.parse(line));
    expect(lines).toEqual([
      {
        timestamp: expect.any(String),
        level: 'INFO',
        message: '[async-http] job succeeded',
        requestId,
        jobId: `${requestId}.1`,
        outcome: 'Success',
        attempts: 2,
        durationMs: expect.any(Number),
      },
    ]);
  });

  it('metrics for CloudWatch with ASYNC_HTTP_METRICS=emf, in all and by outcome', async () => {
    const lambda = await startFunction({
      runtime,
      name: 'shop',
      handler: 'function.handOffTenTimes',
      environment: { ...environment, ASYNC_HTTP_METRICS: 'emf' },
    });

    await invoke(lambda, { does: 'fails', untilAttempt: 2 });
    await lambda.idle();
    await invoke(lambda, { does: 'gives up' });
    await lambda.idle();

    const figures = linesWith(lambda, '"_aws"').map((line) => JSON.parse(line));
    expect(figures).toMatchObject([
      { FunctionName: 'shop', Jobs: 10, Failures: 0, Retries: 10, Rescues: 0 },
      { FunctionName: 'shop', Outcome: 'Success', Jobs: 10 },
      { FunctionName: 'shop', Jobs: 10, Failures: 10, Retries: 0, Rescues: 0 },
      { FunctionName: 'shop', Outcome: 'RetriesExhausted', Jobs: 10 },
    ]);
    for (const { TailMs = 0 } of figures) expect(TailMs).toBeGreaterThanOrEqual(0);
  });

  it('no figures without it', async () => {
    const lambda = await startFunction({ runtime, environment });

    await invoke(lambda, { does: 'gives up' });
    await lambda.idle();

    expect(linesWith(lambda, '"_aws"')).toEqual([]);
  });
});
