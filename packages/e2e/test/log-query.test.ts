import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { invoke, linesWith, startFunction } from './support/start-function.ts';

const PAGE = join(import.meta.dirname, '../../../docs/reliability.md');

/** What the query of the page finds in these lines: ids of jobs that one line alone is about. */
function findUnended(lines: readonly string[]): string[] {
  const query = /```text\nfields @timestamp.*?```/s.exec(readFileSync(PAGE, 'utf8'))?.[0] ?? '';
  const isFiltered = new RegExp(/like \/(.+)\//.exec(query)?.[1] ?? 'no filter');
  const jobId = new RegExp(/parse @message \/(.+)\//.exec(query)?.[1] ?? 'no field');
  const ids = lines.filter((line) => isFiltered.test(line)).map((line) => jobId.exec(line)?.[1]);
  return ids.filter(
    (id) => id !== undefined && ids.indexOf(id) === ids.lastIndexOf(id),
  ) as string[];
}

it.each(['Text', 'JSON'] as const)(
  'the query of docs/reliability.md finds the job whose machine was lost, in the log format %s',
  async (format) => {
    const lambda = await startFunction({
      runtime: 'nodejs24.x',
      environment: {
        ASYNC_HANDLER: 'jobs/attempts.byEvent',
        AWS_LAMBDA_LOG_FORMAT: format,
      },
    });
    await invoke(lambda, { untilAttempt: 2 });
    await lambda.idle();
    await invoke(lambda, { does: 'gives up' });
    await lambda.idle();
    const { requestId } = await invoke(lambda, { does: 'asks for time', ms: 5_000 });
    await expect.poll(() => linesWith(lambda, 'attempt 1 failed')).toHaveLength(2);

    await lambda.close();

    expect(findUnended(lambda.logs.map(({ line }) => line))).toEqual([`${requestId}.1`]);
  },
);
