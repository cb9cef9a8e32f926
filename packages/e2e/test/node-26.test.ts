import { expect, it } from 'vitest';
import { invoke, linesWith, startFunction, story } from './support/start-function.ts';

it('on nodejs26.x, a job runs after the response, and the environment is frozen then', async () => {
  const lambda = await startFunction({
    runtime: 'nodejs26.x',
    environment: { ASYNC_HANDLER: 'jobs/say.handler' },
  });

  const { requestId, functionError } = await invoke(lambda);
  await lambda.idle();

  expect(functionError).toBeUndefined();
  expect(linesWith(lambda, 'job says')).toHaveLength(1);
  expect(linesWith(lambda, /\b(ERROR|WARN)\b/)).toEqual([]);
  expect(story(lambda, requestId).at(-1)).toBe('frozen');
});
