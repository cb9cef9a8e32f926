import { describe, expect, it } from 'vitest';
import type { LocalLambda } from '../src/lambda/local-lambda.ts';
import { fixture, start, type TestLambda } from './support/start.ts';

const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());
const interrupt = (lambda: TestLambda) => (lambda as unknown as LocalLambda).interrupt();
const outcomes = { code: fixture('functions/outcomes'), layers: [fixture('layers/third-party')] };

describe('interrupt()', () => {
  it('answers the caller, and gives the extensions of a busy environment their SHUTDOWN', async () => {
    const lambda = await start(outcomes);
    const answer = lambda.invoke({ outcome: 'hang' });
    await lambda.until(({ type }) => type === 'invoke.start');

    interrupt(lambda);

    expect(parse(await answer)).toMatchObject({ errorType: 'Sandbox.Failure' });
    await lambda.line(/^tail-worker stops: failure$/);
    await lambda.idle();
    expect(lambda.story().slice(-3)).toEqual(['invoke.end', 'shutdown.start', 'shutdown.done']);
  });

  it('lets a shutdown() go on that waits for work behind the response', async () => {
    const lambda = await start({ ...outcomes, environment: { WORK_MS: '3600000' } });
    await lambda.invoke({});
    const shutdown = lambda.shutdown();

    interrupt(lambda);

    await shutdown;
    expect(lambda.story().at(-1)).toBe('shutdown.done');
  });

  it('leaves frozen environments alone', async () => {
    const lambda = await start(outcomes);
    await lambda.invoke({});
    await lambda.idle();

    interrupt(lambda);

    expect(parse(await lambda.invoke({ outcome: 'count' })).invokes).toBe(2);
  });

  it('fails every invoke of a Managed Instance', async () => {
    const lambda = await start({
      code: fixture('functions/outcomes'),
      initializationType: 'lambda-managed-instances',
      environment: { AWS_LAMBDA_NODEJS_WORKER_COUNT: '1' },
    });
    const answers = [1, 2].map(() => lambda.invoke({ outcome: 'hang' }));
    await lambda.until(({ type }) => type === 'invoke.start');

    interrupt(lambda);

    for (const answer of await Promise.all(answers)) {
      expect(answer.functionError).toBe('Unhandled');
    }
    await lambda.until(({ type }) => type === 'shutdown.done');
  });
});
