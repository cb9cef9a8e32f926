import type { LambdaAuthorizer } from '../../project/project.ts';
import type { Values } from '../../project/record.ts';
import { readIdentity } from '../authorizers/identity.ts';
import { methodArn } from '../authorizers/method-arn.ts';
import type { LambdaPass, Verdict } from '../authorizers/verdict.ts';
import { type FoundRoute, routeKeyOf } from '../found-route.ts';
import { type HttpAnswer, withHeaders } from '../http-answer.ts';
import type { HttpRequest } from '../http-request.ts';
import { HTTP_API_AUTHORIZER_TIMEOUT_MS } from '../limits.ts';
import { buildAuthorizerEvent1, buildAuthorizerEvent2 } from './authorizer-event.ts';
import type { HttpApiEvents } from './events.ts';
import { message } from './message.ts';

interface RequestFacts extends HttpApiEvents {
  readonly traceId: string;
}

/** Either what the function of the route gets to know, or the answer without it. */
type Entry =
  | { readonly authorizer?: Values; readonly problem?: string }
  | { readonly answer: HttpAnswer };

/**
 * Asks the authorizer of a route.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
 */
export async function authorize(
  found: FoundRoute,
  request: HttpRequest,
  facts: RequestFacts,
): Promise<Entry> {
  const { authorizer, payloadFormat } = found.route;
  if (!authorizer) return {};
  switch (authorizer.kind) {
    case 'lambda': {
      const verdict = await askLambda(authorizer, { found, request, facts });
      return enter(verdict, ({ principalId, context }) =>
        payloadFormat === '1.0'
          ? { ...(principalId !== undefined && { principalId }), ...context }
          : { lambda: context },
      );
    }
    case 'jwt':
      return {};
    default:
      return authorizer satisfies never;
  }
}

function askLambda(
  authorizer: LambdaAuthorizer,
  { found, request, facts }: { found: FoundRoute; request: HttpRequest; facts: RequestFacts },
): Promise<Verdict<LambdaPass>> {
  const { api, route, path, pathParameters, authorizers } = found;
  const identity = readIdentity(authorizer.identitySources, {
    request,
    pathParameters,
    context: () => ({ ...facts.format1().requestContext, routeKey: routeKeyOf(route) }),
  });
  const arn = methodArn({ stage: api.stage, method: request.method, path });
  return authorizers.lambda.ask({
    authorizer,
    apiName: api.name,
    identity,
    arn,
    event: () =>
      authorizer.input === '1.0'
        ? buildAuthorizerEvent1(facts.format1(), { arn, identity })
        : buildAuthorizerEvent2(facts.format2(), { arn, identity }),
    traceId: facts.traceId,
    timeoutMs: HTTP_API_AUTHORIZER_TIMEOUT_MS,
  });
}

function enter<Pass>(verdict: Verdict<Pass>, toAuthorizer: (pass: Pass) => Values): Entry {
  const { problem } = verdict;
  switch (verdict.kind) {
    case 'allowed':
      return {
        authorizer: toAuthorizer(verdict.pass),
        ...(problem !== undefined && { problem }),
      };
    case 'unauthorized':
      return { answer: challenged(message(401, 'Unauthorized', problem), verdict.challenge) };
    case 'denied':
      return { answer: challenged(message(403, 'Forbidden', problem), verdict.challenge) };
    case 'failed':
      return { answer: message(500, 'Internal Server Error', problem) };
    default:
      return verdict satisfies never;
  }
}

const challenged = (answer: HttpAnswer, challenge: string | undefined): HttpAnswer =>
  challenge === undefined ? answer : withHeaders(answer, ['www-authenticate', challenge]);
