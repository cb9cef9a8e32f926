import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { invoke, startFunction } from './support/start-function.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/observability.md'), 'utf8');

/** What the query under this title takes from the lines that it finds. */
function runQuery(title: string, lines: readonly string[]): (string | undefined)[] {
  const [, query = ''] = PAGE.split(`**${title}**`)[1]?.split(/```(?:text)?\n/) ?? [];
  const isFiltered = new RegExp(/like \/(.+)\//.exec(query)?.[1] ?? 'no filter');
  const field = new RegExp(/parse @message \/(.+)\//.exec(query)?.[1] ?? 'no field');
  return lines
    .filter((line) => isFiltered.test(line))
    .map((line) => Object.values(field.exec(line)?.groups ?? {})[0]);
}

describe.each(['Text', 'JSON'])(
  'the queries of docs/observability.md, in the log format %s',
  (format) => {
    async function logOf(event: object): Promise<string[]> {
      const lambda = await startFunction({
        runtime: 'nodejs24.x',
        environment: { ASYNC_HANDLER: 'jobs/attempts.byEvent', AWS_LAMBDA_LOG_FORMAT: format },
      });
      await invoke(lambda, event);
      await lambda.idle();
      return lambda.logs.map(({ line }) => line);
    }

    it('find a job that failed, with its error', async () => {
      const lines = await logOf({ does: 'gives up' });

      expect(runQuery('Jobs that failed, by error', lines)).toEqual(['NonRetriableError']);
      expect(runQuery('How long jobs take', lines)).toEqual([]);
    });

    it('find how long a job took, and the attempt that failed before', async () => {
      const lines = await logOf({ does: 'fails', untilAttempt: 2 });

      expect(runQuery('How long jobs take', lines)).toEqual([expect.stringMatching(/^\d+$/)]);
      expect(runQuery('Attempts that failed', lines)).toHaveLength(1);
      expect(runQuery('Attempts that failed', lines)).not.toContain(undefined);
      expect(runQuery('Jobs that failed, by error', lines)).toEqual([]);
    });
  },
);
