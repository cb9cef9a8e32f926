import { createHash } from 'node:crypto';
import type { Values } from '../../project/record.ts';
import { type HeaderPair, type HttpRequest, headerValue } from '../http-request.ts';
import { passedOnHeaders } from '../passed-on-headers.ts';
import {
  anonymousIdentity,
  describeRequest,
  type Event1,
  groupHeaders,
  groupQuery,
  orNull,
} from '../payload-1.ts';
import type { KeyIdentity } from './api-key.ts';
import { matchesMediaType } from './media-types.ts';

export interface RestEventOptions {
  /** Path of the route. */
  readonly resource: string;
  /** Path as sent, without the stage. */
  readonly path: string;
  /** As sent. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stage: string;
  readonly binaryMediaTypes: readonly string[];
  /** A UUID; API Gateway's own, not Lambda's. */
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** `Root=1-…`, used when the request has none. */
  readonly traceId: string;
  readonly at: Date;
  /** Of the method, when it has one. */
  readonly operationName?: string | undefined;
  /** What an authorizer has found out. */
  readonly authorizer?: Values | undefined;
  /** Of a method that needs a key. */
  readonly key?: KeyIdentity | undefined;
}

// Behind the edge, these have one spelling, however the client wrote them.
const SPELLINGS: Readonly<Record<string, string>> = {
  authorization: 'Authorization',
  host: 'Host',
  'user-agent': 'User-Agent',
};

/**
 * The event of a REST API's Lambda proxy integration.
 *
 * @see https://github.com/aws/aws-lambda-go/blob/main/events/apigw.go for `operationName`
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export function buildRestEvent(request: HttpRequest, options: RestEventOptions): Event1 {
  const { resource, path, stage, at } = options;
  const headers = groupHeaders(
    passedOnHeaders(request, options.traceId)
      .filter(([name]) => name !== 'Content-Length')
      .map(([name, value]): HeaderPair => [SPELLINGS[name.toLowerCase()] ?? name, value]),
  );
  const query = groupQuery(request.target);
  const isBinary = matchesMediaType(headerValue(request, 'content-type'), options.binaryMediaTypes);
  const isBase64Encoded = isBinary && request.body.length > 0;
  return {
    resource,
    path,
    httpMethod: request.method,
    headers: headers.last,
    multiValueHeaders: headers.all,
    queryStringParameters: query.last,
    multiValueQueryStringParameters: query.all,
    requestContext: {
      ...describeRequest(request, headerValue(request, 'host'), at),
      ...(options.authorizer && { authorizer: options.authorizer }),
      deploymentId: 'local',
      extendedRequestId: options.extendedRequestId,
      identity: {
        ...anonymousIdentity(request.sourceIp, headerValue(request, 'user-agent') ?? null),
        ...options.key,
      },
      ...(options.operationName !== undefined && { operationName: options.operationName }),
      path: `/${stage}${path}`,
      requestId: options.requestId,
      resourceId: resourceId(resource),
      resourcePath: resource,
      stage,
    },
    pathParameters: orNull(options.pathParameters),
    stageVariables: null,
    body: request.body.length === 0 ? null : request.body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}

/** The same id for the same path, in API Gateway's form of 6 characters. */
const resourceId = (path: string): string =>
  createHash('sha256').update(path).digest('hex').slice(0, 6);
