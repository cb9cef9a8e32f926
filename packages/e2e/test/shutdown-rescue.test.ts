import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logLine } from '../src/fault-matrix/world.ts';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import { invoke, linesWith, ONE_RUNTIME, startFunction } from './support/start-function.ts';

let fauxqs: Fauxqs;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
afterAll(() => fauxqs.close());

describe.each(ONE_RUNTIME)(
  'when Lambda ends the environment while a job runs, on %s,',
  (runtime) => {
    it.each([
      ['obeysItsSignal', 'AbortError'],
      ['neverSettles', 'Sandbox.Timedout'],
      ['loopsForEver', 'Sandbox.Timedout'],
    ])(
      '%s: it gets its signal, and its record is sent within the window',
      async (fault, errorType) => {
        const queue = await fauxqs.createQueue(`${fault}-${runtime.slice(0, -2)}`);
        const lambda = await startFunction({
          runtime,
          handler: 'function.exitWhileItRuns',
          environment: {
            ASYNC_HANDLER: 'jobs/faults.byEvent',
            ASYNC_HTTP_ON_FAILURE: queue.arn,
            AWS_ENDPOINT_URL_SQS: fauxqs.endpoint,
          },
        });

        const { requestId, functionError } = await invoke(lambda, { fault });
        await lambda.idle();

        expect(functionError).toBe('Unhandled');
        expect(await queue.receive()).toMatchObject([
          {
            requestContext: { requestId, condition: 'EnvironmentShutdown' },
            responsePayload: { errorType },
          },
        ]);
        const at = (type: string) => lambda.timeline.find((event) => event.type === type)?.at ?? 0;
        expect(at('shutdown.done') - at('shutdown.start')).toBeLessThan(2_000);
        expect(linesWith(lambda, 'job says aborted')).toHaveLength(
          fault === 'obeysItsSignal' ? 1 : 0,
        );
      },
    );

    it('it continues in the next one where no destination is set', async () => {
      const lambda = await startFunction({
        runtime,
        handler: 'function.exitAfterFirst',
        environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
      });

      await invoke(lambda, { ms: 1_000, exits: true });
      await lambda.idle();
      expect(linesWith(lambda, 'It resumes if the environment is initialised again')).toHaveLength(
        1,
      );
      await invoke(lambda, {});
      await logLine(lambda, 'job succeeded');

      expect(linesWith(lambda, 'job says done')).toHaveLength(1);
    });
  },
);
