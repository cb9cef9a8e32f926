import { describe, expect, it } from 'vitest';
import { buildHttpApiEvent1 } from '../../src/http/http-api/event-1.ts';
import { readResponse1 } from '../../src/http/http-api/response-1.ts';
import type { HttpRequest } from '../../src/http/http-request.ts';

const eventFor = (request: Partial<HttpRequest> = {}) =>
  buildHttpApiEvent1(
    {
      method: 'POST',
      target: '/test5/users/%E2%98%95%20Doe?tag=important&tag=urgent',
      httpVersion: '1.1',
      rawHeaders: ['Host', 'localhost:3000', 'X-Custom-Header', 'value1'],
      body: Buffer.alloc(0),
      sourceIp: '192.0.2.1',
      port: 3000,
      ...request,
    },
    {
      method: 'POST',
      resource: '/test5/users/{name}',
      pathParameters: { name: '☕ Doe' },
      stage: '$default',
      requestId: 'JCJXri3_PHcEP_Q=',
      traceId: 'Root=1-67fd88fd-72d8964e1fed2bce3edd5aac',
      at: new Date(1744668925528),
    },
  );

const answerFor = (returned: unknown) =>
  readResponse1(Buffer.from(JSON.stringify(returned)), 'text/plain; charset=utf-8');

describe('HTTP API, payload format 1.0: aws-lambda-dotnet@8314921, recorded 2025-04-14', () => {
  it('V1_SimpleGetRequestHttpV1: the last value and all values, names as sent, with content-length', () => {
    expect(eventFor()).toMatchObject({
      version: '1.0',
      resource: '/test5/users/{name}',
      httpMethod: 'POST',
      headers: { 'X-Custom-Header': 'value1', 'Content-Length': '0' },
      multiValueHeaders: { 'X-Custom-Header': ['value1'] },
      queryStringParameters: { tag: 'urgent' },
      multiValueQueryStringParameters: { tag: ['important', 'urgent'] },
      body: null,
      isBase64Encoded: false,
      stageVariables: null,
    });
  });

  it('V1_UnicodeCharactersInPathHttpV1: the path as sent, path parameters decoded', () => {
    expect(eventFor()).toMatchObject({
      path: '/test5/users/%E2%98%95%20Doe',
      pathParameters: { name: '☕ Doe' },
    });
  });

  it('BinaryContentHttpV1: the request context', () => {
    const rawHeaders = ['Host', 'localhost:3000', 'Content-Type', 'application/octet-stream'];
    const event = eventFor({ rawHeaders, body: Buffer.from([1, 2, 3, 4, 5]) });
    expect(event).toMatchObject({ body: 'AQIDBAU=', isBase64Encoded: true });
    expect(event.requestContext).toMatchObject({
      path: '/test5/users/%E2%98%95%20Doe',
      accountId: '123456789012',
      resourceId: 'POST /test5/users/{name}',
      stage: '$default',
      requestId: 'JCJXri3_PHcEP_Q=',
      extendedRequestId: 'JCJXri3_PHcEP_Q=',
      identity: { sourceIp: '192.0.2.1', userAgent: '', userArn: null },
      resourcePath: '/test5/users/{name}',
      httpMethod: 'POST',
      requestTime: '14/Apr/2025:22:15:25 +0000',
      requestTimeEpoch: 1744668925528,
    });
  });

  it('V1_DefaultsToCorrectContentTYpeHttpV1: text/plain', () => {
    expect(answerFor({ statusCode: 200, body: 'hi' }).headers).toEqual([
      ['content-type', 'text/plain; charset=utf-8'],
    ]);
  });

  it('V1_CombinesSingleAndMultiValueHeadersHttpV1: single-value headers come first', () => {
    const headers = { 'Combined-Header': 'single-value' };
    const multiValueHeaders = { 'Combined-Header': ['multi-value1', 'multi-value2'] };
    expect(answerFor({ statusCode: 200, headers, multiValueHeaders }).headers).toMatchObject([
      ['combined-header', 'single-value'],
      ['combined-header', 'multi-value1'],
      ['combined-header', 'multi-value2'],
      ['content-type', 'text/plain; charset=utf-8'],
    ]);
  });

  it.each([
    ['V1_HandlesZeroStatusCodeHttpV1', { statusCode: 0 }],
    ['ToApiGatewayProxyResponse_InvalidJson_ReturnsErrorResponseHttpV1', 'not an object'],
  ])('%s: malformed', (_, returned) => {
    expect(() => answerFor(returned)).toThrow(TypeError);
  });

  it('decodes a base64 body, whatever the client takes', () => {
    const body = Buffer.from('é').toString('base64');
    expect(answerFor({ statusCode: 200, body, isBase64Encoded: true }).body.toString()).toBe('é');
  });
});
