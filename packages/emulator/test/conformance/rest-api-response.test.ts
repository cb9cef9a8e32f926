import { describe, expect, it } from 'vitest';
import { matchesMediaType } from '../../src/http/rest-api/media-types.ts';
import { NotBase64Error, readRestResponse } from '../../src/http/rest-api/response.ts';

function answerFor(returned: unknown, takesBinary = false) {
  const { statusCode, headers, body } = readRestResponse(
    Buffer.from(JSON.stringify(returned)),
    takesBinary,
  );
  return { statusCode, headers, body: body.toString() };
}

const JSON_TYPE = ['content-type', 'application/json'];

describe('REST API response: localstack@8b9a79f, test_aws_proxy_response_payload_format_validation, recorded 2024-11-15', () => {
  it('needs no body, and is application/json', () => {
    expect(answerFor({ statusCode: 200 })).toEqual({
      statusCode: 200,
      headers: [JSON_TYPE],
      body: '',
    });
  });

  it('has headers that are text or true and false, or null for none', () => {
    const headers = { 'test-header': 'value', 'header-bool': true };
    expect(answerFor({ statusCode: 200, headers }).headers).toEqual([
      ['test-header', 'value'],
      ['header-bool', 'true'],
      JSON_TYPE,
    ]);
    expect(answerFor({ statusCode: 200, headers: null }).headers).toEqual([JSON_TYPE]);
  });

  it('may consist of headers alone: 200', () => {
    expect(answerFor({ headers: { 'test-header': 'value' } }).statusCode).toBe(200);
  });

  it('takes a status of digits', () => {
    expect(answerFor({ statusCode: '201' }).statusCode).toBe(201);
  });

  it('has every value of a multi-value header, and after them the one of the same name in headers', () => {
    const multiValueHeaders = { 'tesT-Multi': ['value-multi'] };
    const headers = { 'test-multi': 'value-solo' };
    expect(answerFor({ statusCode: 200, multiValueHeaders, headers }).headers).toEqual([
      ['test-multi', 'value-multi'],
      ['test-multi', 'value-solo'],
      JSON_TYPE,
    ]);
  });

  it.each([
    ['a field that is not known', { statusCode: 200, wrongValue: 'value' }],
    ['nothing', {}],
    ['a multi-value header that is not a list', { multiValueHeaders: { a: 'value1' } }],
    ['a status that is not a number', { statusCode: 'test' }],
    ['a string', 'justAString'],
  ])('with %s is malformed', (_, returned) => {
    expect(() => answerFor(returned)).toThrow(TypeError);
  });
});

describe('REST API response: localstack@8b9a79f, test_aws_proxy_binary_response, validated against AWS', () => {
  const body = Buffer.from('test-data').toString('base64');

  it('leaves as base64 text unless the client takes binary', () => {
    expect(answerFor({ body, isBase64Encoded: true }, false).body).toBe(body);
    expect(answerFor({ body, isBase64Encoded: true }, true).body).toBe('test-data');
    expect(answerFor({ body, isBase64Encoded: false }, true).body).toBe(body);
  });

  it('that is not base64, although it says so, is another error', () => {
    expect(() => answerFor({ body: 'èé+à)(', isBase64Encoded: true }, true)).toThrow(
      NotBase64Error,
    );
  });

  it.each([
    ['image/png', true],
    ['image/png,image/*,*/*;q=0.8', true],
    ['image/webp,image/png,*/*;q=0.8', false],
    ['image/jpg', false],
    ['image/*', false],
    ['*/*', false],
    ['*/test', false],
    ['random/test', false],
    ['application', false],
    [undefined, false],
  ])('Accept: %s names the type image/png: %s', (accept, expected) => {
    expect(matchesMediaType(accept, ['image/png'])).toBe(expected);
  });

  it.each(['application/whatever', 'application/*'])('Accept: %s names application/*', (accept) => {
    expect(matchesMediaType(accept, ['application/*'])).toBe(true);
  });
});

describe('REST API response: aws-lambda-dotnet@8314921, recorded 2025-04-14', () => {
  it('V1_HandlesZeroStatusCodeRest: is malformed', () => {
    expect(() => answerFor({ statusCode: 0 })).toThrow(TypeError);
  });

  it('V1_CombinesSingleAndMultiValueHeadersRest: multi-value headers come first', () => {
    const headers = { 'Combined-Header': 'single-value' };
    const multiValueHeaders = { 'Combined-Header': ['multi-value1', 'multi-value2'] };
    expect(answerFor({ statusCode: 200, headers, multiValueHeaders }).headers.slice(0, 3)).toEqual([
      ['combined-header', 'multi-value1'],
      ['combined-header', 'multi-value2'],
      ['combined-header', 'single-value'],
    ]);
  });
});

describe('REST API response: API Gateway guide, "Amazon API Gateway important notes"', () => {
  it('has WWW-Authenticate under another name', () => {
    const headers = { 'WWW-Authenticate': 'Basic' };
    expect(answerFor({ statusCode: 401, headers }).headers[0]).toEqual([
      'x-amzn-remapped-www-authenticate',
      'Basic',
    ]);
  });
});
