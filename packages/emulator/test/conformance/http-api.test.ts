import { describe, expect, it } from 'vitest';
import { readResponse2 } from '../../src/http/http-api/response-2.ts';
import { startApi } from '../http/start-api.ts';

const TEXT = 'text/plain; charset=utf-8';

function answerFor(payload: string) {
  const { statusCode, headers, body } = readResponse2(Buffer.from(payload), TEXT);
  return { statusCode, type: headers[0]?.[1], body: body.toString() };
}

describe('HTTP API response: aws-lambda-dotnet@8314921, ToApiGatewayHttpApiV2ProxyResponse_VariousPayloads, recorded 2025-04-14', () => {
  it.each([
    ['a string without quotes and escapes', '"Hello, World!"', 'Hello, World!'],
    ['a string with quotes inside', '"Special \\"quoted\\" text"', 'Special "quoted" text'],
    ['an empty string', '""', ''],
    ['a number', '42', '42'],
    ['a boolean', 'true', 'true'],
    ['a list', '[1, 2, 3, 4, 5]', '[1, 2, 3, 4, 5]'],
    ['an object', '{"name": "John Doe", "age": 30}', '{"name": "John Doe", "age": 30}'],
    ['broken JSON', '{"name": "John Doe", "age":', '{"name": "John Doe", "age":'],
  ])('without statusCode the body is the payload: %s', (_, payload, body) => {
    expect(answerFor(payload)).toEqual({ statusCode: 200, type: 'application/json', body });
  });
});

describe('HTTP API response: aws-lambda-dotnet@8314921, recorded 2025-04-14', () => {
  it('V2_DefaultsToTextPlainContentType', () => {
    expect(answerFor('{"statusCode":200,"body":"Hello, World!"}').type).toBe(TEXT);
  });

  it.each([
    ['V2_HandlesZeroStatusCode', '{"statusCode":0}'],
    ['StatusCodeAsFloat_ReturnsInternalServerError', '{"statusCode":200.5}'],
  ])('%s', async (_, returned) => {
    const api = await startApi({ routes: { 'POST /': 'returns' } });

    const headers = { 'content-type': 'application/json' };
    const response = await fetch(api.url, { method: 'POST', headers, body: returned });

    expect([response.status, await response.text()]).toEqual([
      500,
      '{"message":"Internal Server Error"}',
    ]);
  });

  it('InvokeResponseExtensionsTests: a function error', async () => {
    const api = await startApi({ routes: { 'GET /fails': 'fails' } });

    const response = await fetch(`${api.url}/fails`);

    expect([response.status, await response.text()]).toEqual([
      500,
      '{"message":"Internal Server Error"}',
    ]);
  });
});

describe('HTTP API routes: aws-lambda-dotnet@8314921, RouteTemplateUtilityTests', () => {
  it.each([
    ['/{proxy+}', '/', ''],
    ['/api/{proxy+}', '/api', ''],
    ['/api/{proxy+}', '/api/', ''],
    ['/api/{proxy+}', '/api/a/b', 'a/b'],
  ])('%s takes %s', async (route, path, proxy) => {
    const api = await startApi({ routes: { [`GET ${route}`]: 'echo' } });

    const response = await fetch(`${api.url}${path}`);

    expect(await response.json()).toMatchObject({ pathParameters: { proxy } });
  });
});
