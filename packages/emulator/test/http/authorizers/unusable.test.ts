import { expect, it } from 'vitest';
import { UnusableFunction } from '../../../src/cli/unusable-function.ts';
import { LambdaAuthorizers } from '../../../src/http/authorizers/lambda-authorizers.ts';
import { lambdaAuthorizer } from '../authorizer.ts';

it('an authorizer whose function cannot run says why', async () => {
  const functions = new Map([['authorizer', new UnusableFunction('auth', new Error('No file.'))]]);

  const verdict = await new LambdaAuthorizers(functions).ask({
    authorizer: lambdaAuthorizer({ input: 'TOKEN' }),
    apiName: 'api',
    identity: [],
    arn: '',
    event: () => ({}),
    traceId: '',
    timeoutMs: 1000,
  });

  expect(verdict).toEqual({
    kind: 'failed',
    problem: 'the authorizer auth cannot be asked: The function auth cannot run. No file.',
    unusable: 'The function auth cannot run. No file.',
  });
});
