import type { Event1 } from '../payload-1.ts';

/** A request that the templates of `integration: lambda` do not take. */
export interface MappingRefusal {
  readonly statusCode: number;
  readonly message: string;
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * The event that Serverless Framework's own request templates make for `integration: lambda`. What has no
 * value is empty text, as in every template.
 *
 * @param event the event of a proxy integration for the same request.
 * @param contentType of the request. Default `application/json`, as with API Gateway.
 * @see https://www.serverless.com/framework/docs/providers/aws/events/apigateway#lambda-integration
 */
export function buildMappedEvent(
  event: Event1,
  contentType = 'application/json',
): { readonly event: unknown } | MappingRefusal {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  const { requestContext } = event;
  const { authorizer = {}, identity, stage } = requestContext;
  const body = readBody(event.body, type);
  if ('message' in body) return body;
  return {
    event: {
      body: body.value,
      method: event.httpMethod,
      principalId: textOf(authorizer.principalId),
      stage,
      cognitoPoolClaims: { sub: textOf((authorizer.claims as { sub?: unknown } | undefined)?.sub) },
      enhancedAuthContext: textsOf(authorizer),
      headers: textsOf(event.headers),
      query: textsOf(event.queryStringParameters),
      path: textsOf(event.pathParameters),
      identity: textsOf(identity),
      stageVariables: {},
      requestPath: requestContext.resourcePath,
    },
  };
}

function readBody(
  body: string | null,
  type: string | undefined,
): { readonly value: unknown } | MappingRefusal {
  if (type === FORM) return { value: Object.fromEntries(new URLSearchParams(body ?? '')) };
  if (type !== 'application/json') return { statusCode: 415, message: 'Unsupported Media Type' };
  try {
    return { value: JSON.parse(body ?? '{}') };
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    return { statusCode: 400, message };
  }
}

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const textsOf = (values: object | null): Record<string, string> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, textOf(value)]));
