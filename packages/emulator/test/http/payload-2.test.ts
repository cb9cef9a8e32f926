import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/http/http-request.ts';
import { buildEvent2, type Event2Options } from '../../src/http/payload-2.ts';

function eventFor(request: Partial<HttpRequest> = {}, options: Partial<Event2Options> = {}) {
  return buildEvent2(
    {
      method: 'GET',
      target: '/my/path',
      httpVersion: '1.1',
      rawHeaders: ['Host', 'localhost:3000', 'User-Agent', 'agent'],
      body: Buffer.alloc(0),
      sourceIp: '192.0.2.1',
      port: 3000,
      ...request,
    },
    {
      routeKey: '$default',
      rawPath: '/my/path',
      pathParameters: {},
      stage: '$default',
      withoutHeaders: ['cookie'],
      requestId: 'JKJaXmPLvHcESHA=',
      traceId: 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
      at: new Date(1583348638390),
      ...options,
    },
  );
}

const withHeaders = (...rawHeaders: string[]) => eventFor({ rawHeaders }).headers;

describe('the event of a request', () => {
  it('without body, query, cookies and path parameters has none of these fields', () => {
    expect(eventFor()).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/my/path',
      rawQueryString: '',
      headers: {
        'content-length': '0',
        host: 'localhost:3000',
        'user-agent': 'agent',
        'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-port': '3000',
        'x-forwarded-proto': 'http',
      },
      requestContext: {
        accountId: '123456789012',
        apiId: 'local',
        domainName: 'localhost',
        domainPrefix: 'localhost',
        http: {
          method: 'GET',
          path: '/my/path',
          protocol: 'HTTP/1.1',
          sourceIp: '192.0.2.1',
          userAgent: 'agent',
        },
        requestId: 'JKJaXmPLvHcESHA=',
        routeKey: '$default',
        stage: '$default',
        time: '04/Mar/2020:19:03:58 +0000',
        timeEpoch: 1583348638390,
      },
      isBase64Encoded: false,
    });
  });

  it('has lower-case header names, and joins repeated headers with commas', () => {
    expect(withHeaders('X-One', 'a', 'x-two', '1', 'X-Two', '2')).toMatchObject({
      'x-one': 'a',
      'x-two': '1,2',
    });
  });

  it('leaves out headers of the connection', () => {
    const headers = withHeaders(
      'Connection',
      'keep-alive',
      'Transfer-Encoding',
      'chunked',
      'TE',
      'x',
    );
    expect(Object.keys(headers).filter((name) => !name.startsWith('x-'))).toEqual([
      'content-length',
    ]);
  });

  it('keeps the trace id of the client, and adds to its x-forwarded-for', () => {
    expect(
      withHeaders('X-Amzn-Trace-Id', 'Root=1-a', 'X-Forwarded-For', '203.0.113.9'),
    ).toMatchObject({
      'x-amzn-trace-id': 'Root=1-a',
      'x-forwarded-for': '203.0.113.9, 192.0.2.1',
    });
  });

  it('has cookies in their own list', () => {
    const event = eventFor({ rawHeaders: ['Cookie', 'a=1; b=2', 'cookie', 'c=3'] });
    expect(event.cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  it('has the query as sent, and decoded with repeated names joined', () => {
    const event = eventFor({ target: '/p?a=1&a=2&b=x%20y+z&c=%C3%A9&d' });
    expect(event.rawQueryString).toBe('a=1&a=2&b=x%20y+z&c=%C3%A9&d');
    expect(event.queryStringParameters).toEqual({ a: '1,2', b: 'x y z', c: 'é', d: '' });
  });

  it('has the path parameters of the route', () => {
    expect(eventFor({}, { routeKey: 'GET /{id}', pathParameters: { id: '1' } })).toMatchObject({
      routeKey: 'GET /{id}',
      pathParameters: { id: '1' },
      requestContext: { routeKey: 'GET /{id}' },
    });
  });

  it('keeps the cookie header where it is not left out', () => {
    const event = eventFor({ rawHeaders: ['Cookie', 'a=1'] }, { withoutHeaders: [] });
    expect(event.cookies).toEqual(['a=1']);
    expect(event.headers.cookie).toBe('a=1');
  });
});

describe('the body of an event', () => {
  const bodyOf = (contentType: string | undefined, body: Buffer) => {
    const rawHeaders = contentType === undefined ? [] : ['Content-Type', contentType];
    const { body: text, isBase64Encoded } = eventFor({ rawHeaders, body });
    return { text, isBase64Encoded };
  };
  const utf8 = Buffer.from('{"é":1}');

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'text/plain',
    'text/html;charset=utf-8',
    'application/xml',
    'application/javascript',
  ])('is text for %s', (contentType) => {
    expect(bodyOf(contentType, utf8)).toEqual({ text: '{"é":1}', isBase64Encoded: false });
  });

  it.each([
    undefined,
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'image/png',
    'application/jsonx',
  ])('is base64 for %s', (contentType) => {
    expect(bodyOf(contentType, utf8)).toEqual({
      text: utf8.toString('base64'),
      isBase64Encoded: true,
    });
  });
});
