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
