import { createHash } from 'node:crypto';
import type { FoundRoute } from '../found-route.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { type HttpRequest, headerValue } from '../http-request.ts';
import { gatewayResponse } from './gateway-response.ts';

/** What `requestContext.identity` says of a key. */
export interface KeyIdentity {
  readonly apiKey: string;
  readonly apiKeyId: string;
}

/**
 * The key of a request to a method that needs one, or the answer without it.
 *
 * @param fromAuthorizer `usageIdentifierKey` of an authorizer's answer.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
 */
export function checkApiKey(
  { api, route }: FoundRoute,
  request: HttpRequest,
  fromAuthorizer: string | undefined,
): { readonly key?: KeyIdentity } | { readonly answer: HttpAnswer } {
  if (!route.needsApiKey) return {};
  const isFromAuthorizer = api.apiKeySource === 'AUTHORIZER';
  const apiKey = isFromAuthorizer ? fromAuthorizer : headerValue(request, 'x-api-key');
  const place = isFromAuthorizer
    ? "the authorizer's answer (usageIdentifierKey)"
    : 'the header x-api-key';
  if (!apiKey) return forbidden(`the method needs an API key, and ${place} has none`);
  if (api.apiKeys && !api.apiKeys.includes(apiKey)) {
    return forbidden(`the API key in ${place} is not one of the project`);
  }
  return { key: { apiKey, apiKeyId: keyId(apiKey) } };
}

const forbidden = (problem: string) => ({
  answer: gatewayResponse(403, '{"message":"Forbidden"}', 'ForbiddenException', problem),
});

/** The same id for the same key, in API Gateway's form of 10 characters. */
const keyId = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 10);
