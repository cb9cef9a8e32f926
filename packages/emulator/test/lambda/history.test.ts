import { expect, it } from 'vitest';
import { startLocalLambda } from '../../src/lambda/start-local-lambda.ts';
import type { LambdaEvent } from '../../src/lambda-types.ts';
import { fixture } from '../support/start.ts';

it('a function whose events are printed at once keeps none, so that memory stays flat', async () => {
  const events: LambdaEvent[] = [];
  const lambda = await startLocalLambda(
    {
      code: fixture('functions/hello'),
      handler: 'index.handler',
      onEvent: (event) => events.push(event),
    },
    { history: 0 },
  );
  await lambda.invoke({});
  await lambda.idle();
  await lambda.close();

  expect(events.length).toBeGreaterThan(5);
  expect([lambda.timeline, lambda.logs]).toEqual([[], []]);
});
