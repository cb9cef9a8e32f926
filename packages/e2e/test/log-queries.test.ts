import type { Lambda } from '@async-http/emulator';
import { describe, expect, it } from 'vitest';
import { runLogQuery } from './support/log-query.ts';
import { invoke, linesWith, startFunction } from './support/start-function.ts';

describe.each(['Text', 'JSON'])('the log queries of docs/, in the log format %s', (format) => {
  const start = () =>
    startFunction({
      runtime: 'nodejs24.x',
      environment: { ASYNC_HANDLER: 'jobs/attempts.byEvent', AWS_LAMBDA_LOG_FORMAT: format },
    });

  async function logOf(event: object): Promise<string[]> {
    const lambda = await start();
    await invoke(lambda, event);
    await lambda.idle();
    return lambda.logs.map(({ line }) => line);
  }

  const observe = (title: string, lines: readonly string[]) =>
    runLogQuery('observability.md', `**${title}**`, lines).map(
      (fields) => Object.values(fields)[0],
    );

  function unended({ logs }: Lambda): string[] {
    const lines = logs.map(({ line }) => line);
    const byJob = Map.groupBy(runLogQuery('reliability.md', 'This query', lines), (fields) =>
      String(fields.jobId),
    );
    return [...byJob].filter(([, all]) => all.every(({ ending }) => !ending)).map(([id]) => id);
  }

  it('find a job that failed, with its error', async () => {
    const lines = await logOf({ does: 'gives up' });

    expect(observe('Jobs that failed, by error', lines)).toEqual(['NonRetriableError']);
    expect(observe('How long jobs take', lines)).toEqual([]);
  });

  it('find how long a job took, and the attempt that failed before', async () => {
    const lines = await logOf({ does: 'fails', untilAttempt: 2 });

    expect(observe('How long jobs take', lines)).toEqual([expect.stringMatching(/^\d+$/)]);
    expect(observe('Attempts that failed', lines)).toHaveLength(1);
    expect(observe('Attempts that failed', lines)).not.toContain(undefined);
    expect(observe('Jobs that failed, by error', lines)).toEqual([]);
  });

  it('find the job whose machine was lost, and no other', async () => {
    const lambda = await start();
    await invoke(lambda, { untilAttempt: 2 });
    await lambda.idle();
    await invoke(lambda, { does: 'gives up' });
    await lambda.idle();
    const { requestId } = await invoke(lambda, { does: 'asks for time', ms: 5_000 });
    await expect.poll(() => linesWith(lambda, 'attempt 1 failed')).toHaveLength(2);

    await lambda.close();

    expect(unended(lambda)).toEqual([`${requestId}.1`]);
  });

  it('do not find a job that has ended, though its extension died before it could report the acceptance', async () => {
    const lambda = await startFunction({
      runtime: 'nodejs24.x',
      handler: 'function.killLauncherAfter',
      environment: { ASYNC_HANDLER: 'jobs/say.handler', AWS_LAMBDA_LOG_FORMAT: format },
    });
    await invoke(lambda, { kills: true });
    await invoke(lambda);
    await lambda.idle();

    expect(linesWith(lambda, 'job accepted')).toHaveLength(1);
    expect(linesWith(lambda, 'job succeeded')).toHaveLength(2);
    expect(unended(lambda)).toEqual([]);
  });
});
