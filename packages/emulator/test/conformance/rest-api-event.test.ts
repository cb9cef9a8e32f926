import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/http/http-request.ts';
import { buildRestEvent, type RestEventOptions } from '../../src/http/rest-api/event.ts';

function eventFor(request: Partial<HttpRequest> = {}, options: Partial<RestEventOptions> = {}) {
  return buildRestEvent(
    {
      method: 'GET',
      target: '/stage/proxy-value',
      httpVersion: '1.1',
      rawHeaders: ['Host', 'localhost:3000', 'User-Agent', 'python-requests/testing'],
      body: Buffer.alloc(0),
      sourceIp: '192.0.2.1',
      port: 3000,
      ...request,
    },
    {
      resource: '/{proxy+}',
      path: '/proxy-value',
      pathParameters: { proxy: 'proxy-value' },
      stage: 'stage',
      binaryMediaTypes: [],
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      extendedRequestId: 'JCJePHSSPHcEtwQ=',
      traceId: 'Root=1-67fd8822-75aa8f5e7a30566958eef084',
      at: new Date(1583348638390),
      ...options,
    },
  );
}

describe('REST API event: localstack@8b9a79f, test_lambda_aws_proxy_integration, recorded 2024-08-02', () => {
  it('has every field, and null where there is nothing', () => {
    const headers = {
      Host: 'localhost:3000',
      'User-Agent': 'python-requests/testing',
      'X-Amzn-Trace-Id': 'Root=1-67fd8822-75aa8f5e7a30566958eef084',
      'X-Forwarded-For': '192.0.2.1',
      'X-Forwarded-Port': '3000',
      'X-Forwarded-Proto': 'http',
    };
    expect(eventFor()).toEqual({
      resource: '/{proxy+}',
      path: '/proxy-value',
      httpMethod: 'GET',
      headers,
      multiValueHeaders: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, [value]]),
      ),
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      requestContext: {
        accountId: '123456789012',
        apiId: 'local',
        deploymentId: 'local',
        domainName: 'localhost',
        domainPrefix: 'localhost',
        extendedRequestId: 'JCJePHSSPHcEtwQ=',
        httpMethod: 'GET',
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: '192.0.2.1',
          user: null,
          userAgent: 'python-requests/testing',
          userArn: null,
        },
        path: '/stage/proxy-value',
        protocol: 'HTTP/1.1',
        requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
        requestTime: '04/Mar/2020:19:03:58 +0000',
        requestTimeEpoch: 1583348638390,
        resourceId: expect.stringMatching(/^[0-9a-f]{6}$/),
        resourcePath: '/{proxy+}',
        stage: 'stage',
      },
      pathParameters: { proxy: 'proxy-value' },
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  it('has path parameters null where the route has none', () => {
    expect(eventFor({}, { pathParameters: {} }).pathParameters).toBeNull();
  });

  it('keeps the spelling of header names, but not of Authorization', () => {
    const rawHeaders = ['tEsT-HEADeR', 'aValUE', 'aUThorization', 'Bearer token123'];
    expect(eventFor({ rawHeaders }).headers).toMatchObject({
      'tEsT-HEADeR': 'aValUE',
      Authorization: 'Bearer token123',
    });
  });

  it('has the last of repeated parameters, and all of them in the multi-value field', () => {
    const event = eventFor({
      target: '/stage/proxy-value?category=electronics&category=books&price=10',
    });
    expect(event.queryStringParameters).toEqual({ category: 'books', price: '10' });
    expect(event.multiValueQueryStringParameters).toEqual({
      category: ['electronics', 'books'],
      price: ['10'],
    });
  });

  it('has query parameters decoded', () => {
    const event = eventFor({
      target:
        '/stage/x?dateTimeOffset=2023-06-12T18:05:10.123456+00:00&email=test%2Balias@gmail.com&plus=test+alias@gmail.com&url=https://www.google.com/&whitespace=foo%20bar',
    });
    expect(event.queryStringParameters).toEqual({
      dateTimeOffset: '2023-06-12T18:05:10.123456 00:00',
      email: 'test+alias@gmail.com',
      plus: 'test alias@gmail.com',
      url: 'https://www.google.com/',
      whitespace: 'foo bar',
    });
  });

  it('has no content-length and no connection header', () => {
    const rawHeaders = ['Content-Length', '5', 'Connection', 'keep-alive', 'X-A', '1'];
    expect(Object.keys(eventFor({ rawHeaders }).headers ?? {})).toEqual([
      'X-A',
      'X-Amzn-Trace-Id',
      'X-Forwarded-For',
      'X-Forwarded-Port',
      'X-Forwarded-Proto',
    ]);
  });
});

describe('REST API event: aws-lambda-dotnet@8314921, recorded 2025-04-14', () => {
  it('V1_SimpleGetRequestRest: repeated headers', () => {
    const event = eventFor({ rawHeaders: ['X-Two', '1', 'x-two', '2'] });
    expect(event.headers).toMatchObject({ 'X-Two': '2' });
    expect(event.multiValueHeaders).toMatchObject({ 'X-Two': ['1', '2'] });
  });

  it('V1_SimpleGetRequestRest: cookies stay in their header', () => {
    const rawHeaders = ['Cookie', 'session=abc123; theme=dark'];
    expect(eventFor({ rawHeaders }).headers).toMatchObject({
      Cookie: 'session=abc123; theme=dark',
    });
  });

  it('BinaryContentRest: a body of a binary media type is base64, and there is no user agent', () => {
    const event = eventFor(
      {
        method: 'POST',
        rawHeaders: ['Content-Type', 'application/octet-stream'],
        body: Buffer.from([1, 2, 3, 4, 5]),
      },
      { binaryMediaTypes: ['application/octet-stream'] },
    );
    expect(event).toMatchObject({ body: 'AQIDBAU=', isBase64Encoded: true });
    expect(event.requestContext.identity.userAgent).toBeNull();
  });
});

describe('REST API event: API Gateway guide, "Binary media types for REST APIs"', () => {
  const isBase64 = (contentType: string | undefined, ...binaryMediaTypes: string[]) => {
    const rawHeaders = contentType === undefined ? [] : ['Content-Type', contentType];
    return eventFor({ rawHeaders, body: Buffer.from('x') }, { binaryMediaTypes }).isBase64Encoded;
  };

  it('a body is text where its type is not listed', () => {
    expect(isBase64('image/png')).toBe(false);
    expect(isBase64('image/png', 'image/jpeg')).toBe(false);
    expect(isBase64(undefined, 'image/png')).toBe(false);
  });

  it('a listed type may have parameters or stand for all subtypes', () => {
    expect(isBase64('multipart/form-data; boundary=x', 'multipart/form-data')).toBe(true);
    expect(isBase64('image/png', 'image/*')).toBe(true);
  });

  it('*/* makes every body binary', () => {
    expect(isBase64('application/json', '*/*')).toBe(true);
    expect(isBase64(undefined, '*/*')).toBe(true);
  });
});
