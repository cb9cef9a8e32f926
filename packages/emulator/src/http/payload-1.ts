import type { Values } from '../project/record.ts';
import { type HeaderPair, type HttpRequest, splitTarget } from './http-request.ts';
import { formatRequestTime } from './request-time.ts';

/** Repeated names, as format 1.0 has them: the last value, and all values. `null` when there are none. */
export interface MultiValues {
  readonly last: Record<string, string> | null;
  readonly all: Record<string, string[]> | null;
}

/** Event of payload format 1.0; what has no value is `null`, not absent. */
export interface Event1 {
  version?: '1.0';
  resource: string;
  path: string;
  httpMethod: string;
  headers: Record<string, string> | null;
  multiValueHeaders: Record<string, string[]> | null;
  queryStringParameters: Record<string, string> | null;
  multiValueQueryStringParameters: Record<string, string[]> | null;
  requestContext: {
    accountId: string;
    apiId: string;
    authorizer?: Values;
    deploymentId?: string;
    domainName: string;
    domainPrefix: string;
    extendedRequestId: string;
    httpMethod: string;
    identity: Record<string, string | null>;
    operationName?: string;
    path: string;
    protocol: string;
    requestId: string;
    requestTime: string;
    requestTimeEpoch: number;
    resourceId: string;
    resourcePath: string;
    stage: string;
  };
  pathParameters: Record<string, string> | null;
  stageVariables: null;
  body: string | null;
  isBase64Encoded: boolean;
}

/** Groups values by name; names that differ in case only are one, as first seen. */
export function groupHeaders(pairs: readonly HeaderPair[]): MultiValues {
  const names = new Map<string, string>();
  return groupValues(
    pairs.map(([name, value]): HeaderPair => {
      const known = names.get(name.toLowerCase()) ?? name;
      names.set(name.toLowerCase(), known);
      return [known, value];
    }),
  );
}

export const groupQuery = (target: string): MultiValues =>
  groupValues([...new URLSearchParams(splitTarget(target).query)]);

function groupValues(pairs: readonly HeaderPair[]): MultiValues {
  if (pairs.length === 0) return { last: null, all: null };
  const all: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    all[name] = [...(Object.hasOwn(all, name) ? (all[name] ?? []) : []), value];
  }
  return { last: Object.fromEntries(pairs), all };
}

export const orNull = <T extends object>(values: T): T | null =>
  Object.keys(values).length > 0 ? values : null;

/** `requestContext.identity` of a request that nobody has signed. */
export const anonymousIdentity = (
  sourceIp: string,
  userAgent: string | null,
): Record<string, string | null> => ({
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp,
  user: null,
  userAgent,
  userArn: null,
});

/** What `requestContext` says of the connection and the time, whatever the API. */
export function describeRequest(request: HttpRequest, host: string | undefined, at: Date) {
  const domainName = (host ?? 'localhost').replace(/:\d+$/, '');
  return {
    accountId: '123456789012',
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    httpMethod: request.method,
    protocol: `HTTP/${request.httpVersion}`,
    requestTime: formatRequestTime(at),
    requestTimeEpoch: at.getTime(),
  };
}
