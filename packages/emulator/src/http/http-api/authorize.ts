import type { LambdaAuthorizer } from '../../project/project.ts';
import type { Values } from '../../project/record.ts';
import type { Entry } from '../authorizers/entry.ts';
import { type Identity, type IdentityFacts, readIdentity } from '../authorizers/identity.ts';
import { methodArn } from '../authorizers/method-arn.ts';
import { scopesOf } from '../authorizers/scopes.ts';
import type { LambdaPass, Verdict } from '../authorizers/verdict.ts';
import { type FoundRoute, routeKeyOf } from '../found-route.ts';
import { type HttpAnswer, withHeaders } from '../http-answer.ts';
import type { HttpRequest } from '../http-request.ts';
import { HTTP_API_AUTHORIZER_TIMEOUT_MS } from '../limits.ts';
import { buildAuthorizerEvent1, buildAuthorizerEvent2 } from './authorizer-event.ts';
import { toTextClaims } from './claims.ts';
import type { HttpApiEvents } from './events.ts';
import { message } from './message.ts';

interface RequestFacts extends HttpApiEvents {
  readonly traceId: string;
}

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
  const { authorizer, authorizationScopes: scopes, payloadFormat } = found.route;
  if (!authorizer) return {};
  const identityFacts: IdentityFacts = {
    request,
    pathParameters: found.pathParameters,
    context: () => ({
      ...facts.format1().requestContext,
      routeKey: routeKeyOf(found.route),
    }),
  };
  const isFormat1 = payloadFormat === '1.0';
  switch (authorizer.kind) {
    case 'lambda': {
      const identity = readIdentity(authorizer.identitySources, identityFacts);
      const verdict = await askLambda({ found, request, facts }, authorizer, identity);
      return enter(verdict, ({ principalId, context }) =>
        isFormat1
          ? { ...(principalId !== undefined && { principalId }), ...context }
          : { lambda: context },
      );
    }
    case 'jwt': {
      const [identity] = readIdentity([authorizer.identitySource], identityFacts);
      const checker = await found.authorizers.tokens();
      const verdict = await checker.check({ authorizer, identity, scopes });
      return enter(verdict, (payload) => {
        const jwt = { claims: toTextClaims(payload), scopes: scopes ? scopesOf(payload) : null };
        return isFormat1 ? jwt : { jwt };
      });
    }
    default:
      return authorizer satisfies never;
  }
}

function askLambda(
  { found, request, facts }: { found: FoundRoute; request: HttpRequest; facts: RequestFacts },
  authorizer: LambdaAuthorizer,
  identity: readonly Identity[],
): Promise<Verdict<LambdaPass>> {
  const { api, path, authorizers } = found;
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
      return {
        answer:
          verdict.unusable === undefined
            ? message(500, 'Internal Server Error', problem)
            : message(502, verdict.unusable, problem),
      };
    default:
      return verdict satisfies never;
  }
}

const challenged = (answer: HttpAnswer, challenge: string | undefined): HttpAnswer =>
  challenge === undefined ? answer : withHeaders(answer, ['www-authenticate', challenge]);
