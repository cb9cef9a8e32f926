import type { Values } from '../../project/record.ts';
import type { Entry } from '../authorizers/entry.ts';
import { type IdentityFacts, readIdentity } from '../authorizers/identity.ts';
import { methodArn } from '../authorizers/method-arn.ts';
import { textValues } from '../authorizers/text-values.ts';
import type { LambdaPass, Verdict } from '../authorizers/verdict.ts';
import type { FoundRoute } from '../found-route.ts';
import type { HttpRequest } from '../http-request.ts';
import { REST_API_TIMEOUT_MS } from '../limits.ts';
import type { Event1 } from '../payload-1.ts';
import { buildAuthorizerEvent } from './authorizer-event.ts';
import { toCognitoClaims } from './claims.ts';
import { gatewayResponse } from './gateway-response.ts';

interface RequestFacts {
  readonly request: HttpRequest;
  readonly event: () => Event1;
  readonly traceId: string;
}

/**
 * Asks the authorizer of a method.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
 */
export async function authorize(
  found: FoundRoute,
  { request, event, traceId }: RequestFacts,
): Promise<Entry> {
  const { api, route, path, pathParameters, authorizers } = found;
  const { authorizer, authorizationScopes: scopes } = route;
  if (!authorizer) return {};
  const facts: IdentityFacts = { request, pathParameters, context: () => event().requestContext };
  switch (authorizer.kind) {
    case 'lambda': {
      const identity = readIdentity(authorizer.identitySources, facts);
      const arn = methodArn({ stage: api.stage, method: request.method, path });
      const verdict = await authorizers.lambda.ask({
        authorizer,
        apiName: api.name,
        identity,
        arn,
        event: () => buildAuthorizerEvent(event(), { input: authorizer.input, arn, identity }),
        traceId,
        timeoutMs: REST_API_TIMEOUT_MS,
      });
      const entry = enter(verdict, toAuthorizer);
      const usageKey = verdict.kind === 'allowed' ? verdict.pass.usageKey : undefined;
      return usageKey === undefined ? entry : { ...entry, usageKey };
    }
    case 'jwt': {
      const [identity] = readIdentity([authorizer.identitySource], facts);
      const checker = await authorizers.tokens();
      const verdict = await checker.check({ authorizer, identity, scopes });
      return enter(onlyIdentityTokens(verdict, scopes), (claims) => ({
        claims: toCognitoClaims(claims),
      }));
    }
    default:
      return authorizer satisfies never;
  }
}

/** Values of the context are text, whatever they were. */
const toAuthorizer = ({ principalId, context, latencyMs }: LambdaPass): Values => ({
  ...(principalId !== undefined && { principalId }),
  integrationLatency: latencyMs,
  ...textValues(context),
});

/** Where no scopes are asked for, an access token does not do. */
function onlyIdentityTokens<Claims extends Values>(
  verdict: Verdict<Claims>,
  scopes: readonly string[] | undefined,
): Verdict<Claims> {
  if (scopes || verdict.kind !== 'allowed' || verdict.pass.token_use !== 'access') return verdict;
  return {
    kind: 'unauthorized',
    problem:
      'this is an access token, but a method without scopes takes identity tokens; send one, or give the method scopes',
  };
}

function enter<Pass>(verdict: Verdict<Pass>, toValues: (pass: Pass) => Values): Entry {
  const { problem } = verdict;
  switch (verdict.kind) {
    case 'allowed':
      return { authorizer: toValues(verdict.pass), ...(problem !== undefined && { problem }) };
    case 'unauthorized': {
      const text = verdict.isExpired ? 'The incoming token has expired' : 'Unauthorized';
      const body = JSON.stringify({ message: text });
      return { answer: gatewayResponse(401, body, 'UnauthorizedException', problem) };
    }
    case 'denied': {
      const text = `User is not authorized to access this resource${verdict.isExplicit ? ' with an explicit deny' : ''}`;
      // AWS writes this one with a capital letter.
      const body = JSON.stringify({ Message: text });
      return { answer: gatewayResponse(403, body, 'AccessDeniedException', problem) };
    }
    case 'failed':
      return {
        answer: gatewayResponse(
          verdict.unusable === undefined ? 500 : 502,
          JSON.stringify({ message: verdict.unusable ?? null }),
          'AuthorizerConfigurationException',
          problem,
        ),
      };
    default:
      return verdict satisfies never;
  }
}
