import { describe, expect, it } from 'vitest';
import { readResponse2 } from '../../../src/http/http-api/response-2.ts';

function answerFor(returned: unknown) {
  return answerForText(JSON.stringify(returned));
}

function answerForText(payload: string) {
  const { statusCode, headers, body } = readResponse2(Buffer.from(payload), 'text/x-default');
  return { statusCode, headers, body: body.toString('utf8') };
}

const JSON_TYPE = ['content-type', 'application/json'];

describe('a response without statusCode', () => {
  it.each([
    ['an object', { ok: true }, '{"ok":true}'],
    ['an array', [1, 2], '[1,2]'],
    ['a number', 7, '7'],
    ['null', null, 'null'],
    [
      'headers and body alone',
      { headers: { a: 'b' }, body: 'x' },
      '{"headers":{"a":"b"},"body":"x"}',
    ],
  ])('is the body: %s', (_, returned, body) => {
    expect(answerFor(returned)).toEqual({ statusCode: 200, headers: [JSON_TYPE], body });
  });

  it('is the body even when it is no JSON', () => {
    expect(answerForText('{"a":')).toEqual({
      statusCode: 200,
      headers: [JSON_TYPE],
      body: '{"a":',
    });
  });
});

describe('a response with statusCode', () => {
  it('gives status, headers and body unchanged', () => {
    expect(
      answerFor({
        statusCode: 418,
        headers: { 'Content-Type': 'text/html', 'X-N': 1 },
        body: '<p>',
      }),
    ).toEqual({
      statusCode: 418,
      headers: [
        ['content-type', 'text/html'],
        ['x-n', '1'],
      ],
      body: '<p>',
    });
  });

  it('has the default content type unless it names one', () => {
    expect(answerFor({ statusCode: 200, body: 'hi' }).headers).toEqual([
      ['content-type', 'text/x-default'],
    ]);
  });

  it('may leave the body out', () => {
    expect(answerFor({ statusCode: 204 })).toMatchObject({ statusCode: 204, body: '' });
  });

  it('decodes a base64 body', () => {
    const body = Buffer.from('é').toString('base64');
    expect(answerFor({ statusCode: 200, isBase64Encoded: true, body }).body).toBe('é');
  });

  it('sets one set-cookie for each cookie', () => {
    const { headers } = answerFor({ statusCode: 200, cookies: ['a=1; Secure', 'b=2'] });
    expect(headers.filter(([name]) => name === 'set-cookie')).toEqual([
      ['set-cookie', 'a=1; Secure'],
      ['set-cookie', 'b=2'],
    ]);
  });

  it('cannot set the headers of the connection', () => {
    const { headers } = answerFor({
      statusCode: 200,
      headers: { 'Content-Length': '5', 'transfer-encoding': 'chunked', a: 'b' },
    });
    expect(headers.map(([name]) => name)).toEqual(['a', 'content-type']);
  });
});

describe('a malformed response', () => {
  it.each([
    { statusCode: 'soon' },
    { statusCode: 99 },
    { statusCode: 600 },
    { statusCode: 200.5 },
    { statusCode: null },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, body: [1] },
    { statusCode: 200, headers: 'a: b' },
    { statusCode: 200, headers: { a: ['b'] } },
    { statusCode: 200, headers: { 'a b': 'c' } },
    { statusCode: 200, headers: { a: 'b\nc' } },
    { statusCode: 200, cookies: 'a=1' },
    { statusCode: 200, body: 'eA==', isBase64Encoded: 'true' },
  ])('%j is not an answer', (returned) => {
    expect(() => answerFor(returned)).toThrow(TypeError);
  });

  it('says to the developer what is wrong', () => {
    expect(() => answerFor({ statusCode: 200, body: { a: 1 } })).toThrow(
      'body is of type object, not a string; use JSON.stringify',
    );
  });
});
