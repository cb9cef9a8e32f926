import type { Values } from '../../project/record.ts';
import { encodeBody } from '../event-body.ts';
import { type HttpRequest, headerValue, splitTarget } from '../http-request.ts';
import { passedOnHeaders } from '../passed-on-headers.ts';
import {
  anonymousIdentity,
  describeRequest,
  type Event1,
  groupHeaders,
  groupQuery,
  orNull,
} from '../payload-1.ts';

export interface HttpApiEvent1Options {
  readonly method: string;
  /** Path of the route. */
  readonly resource: string;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stage: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly at: Date;
  /** What an authorizer has found out. */
  readonly authorizer?: Values | undefined;
}

/**
 * The event that an HTTP API makes for an integration with payload format 1.0: the path as sent, path
 * parameters decoded.
 */
export function buildHttpApiEvent1(request: HttpRequest, options: HttpApiEvent1Options): Event1 {
  const { resource, stage, requestId, at } = options;
  const { path } = splitTarget(request.target);
  const headers = groupHeaders(passedOnHeaders(request, options.traceId));
  const query = groupQuery(request.target);
  const { body = null, isBase64Encoded } = encodeBody(
    request.body,
    headerValue(request, 'content-type'),
  );
  return {
    version: '1.0',
    resource,
    path,
    httpMethod: request.method,
    headers: headers.last,
    multiValueHeaders: headers.all,
    queryStringParameters: query.last,
    multiValueQueryStringParameters: query.all,
    requestContext: {
      ...describeRequest(request, headerValue(request, 'host'), at),
      authorizer: options.authorizer ?? { claims: null, scopes: null },
      extendedRequestId: requestId,
      identity: anonymousIdentity(request.sourceIp, headerValue(request, 'user-agent') ?? ''),
      path,
      requestId,
      resourceId: `${options.method} ${resource}`,
      resourcePath: resource,
      stage,
    },
    pathParameters: orNull(options.pathParameters),
    stageVariables: null,
    body,
    isBase64Encoded,
  };
}
