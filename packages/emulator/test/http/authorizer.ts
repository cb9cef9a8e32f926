import type { Response } from 'undici';
import type { LambdaAuthorizer } from '../../src/project/project.ts';
import type { RunningApi } from './start-api.ts';

/** The function of the fixture as an authorizer; the `authorization` header says what it is to answer. */
export const lambdaAuthorizer = (
  settings: Partial<LambdaAuthorizer> & Pick<LambdaAuthorizer, 'input'>,
): LambdaAuthorizer => ({
  kind: 'lambda',
  name: 'auth',
  functionName: 'authorizer',
  identitySources: ['method.request.header.Authorization'],
  ttlMs: 0,
  ...settings,
});

/** A header that has the authorizer of the fixture answer this. */
export const answering = (answer: unknown): Record<string, string> => ({
  authorization: JSON.stringify(answer),
});

/** An answer with a policy; `ARN` stands for what is called. */
export const policy = (
  effect: 'Allow' | 'Deny',
  {
    resource = 'ARN',
    ...more
  }: { resource?: unknown; context?: unknown; usageIdentifierKey?: string } = {},
) => ({
  principalId: 'joe',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
  },
  ...more,
});

/** The events that the authorizer's function has got. */
export async function askedWith(api: RunningApi): Promise<Record<string, unknown>[]> {
  const lambda = api.lambda('authorizer');
  // Log lines can come later than the answer.
  await lambda.idle();
  return lambda.logs.flatMap(({ line }) => {
    const event = /\tasked (\{.*\})/.exec(line)?.[1];
    return event === undefined ? [] : [JSON.parse(event)];
  });
}

/** `requestContext.authorizer` of the event that the function of the route has got, and returned. */
export async function authorizerIn(response: Response): Promise<unknown> {
  const { requestContext } = (await response.json()) as {
    requestContext: { authorizer?: unknown };
  };
  return requestContext.authorizer;
}
