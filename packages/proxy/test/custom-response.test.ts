import { describe, expect, it } from 'vitest';
import { readCustomResponse } from '../src/custom-response.ts';

describe('CUSTOM_RES', () => {
  it.each([[undefined], ['']])('that is not set (%j) stands for a plain "ok"', (text) => {
    expect(readCustomResponse(text)).toEqual({ response: { statusCode: 200, body: 'ok' } });
  });

  it.each([
    ['{"statusCode":201,"body":"made"}', { statusCode: 201, body: 'made' }],
    [' [1, 2] ', [1, 2]],
    ['"quoted"', 'quoted'],
    ['204', 204],
    ['null', null],
  ])('that is JSON stands for its value: %s', (text, response) => {
    expect(readCustomResponse(text)).toEqual({ response });
  });

  it.each([['Thank you!'], ['<p>ok</p>'], ["12 o'clock"]])('stands for itself: %s', (text) => {
    expect(readCustomResponse(text)).toEqual({ response: text });
  });

  it.each([['{"statusCode":200,}'], ['{statusCode: 200}'], [' [1, 2']])(
    'that was meant as JSON is text, with a warning: %s',
    (text) => {
      const { response, warning } = readCustomResponse(text);

      expect(response).toBe(text);
      expect(warning).toMatch(
        /^CUSTOM_RES looks like JSON but cannot be parsed \(.+\), so callers/,
      );
    },
  );
});
