import { describe, expect, it } from 'vitest';
import { readCustomResponse, withJobId } from '../src/custom-response.ts';

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

describe('the id of the job', () => {
  it.each([
    [
      'a status',
      { statusCode: 202 },
      { statusCode: 202, headers: { 'async-http-job-id': 'r1.1' } },
    ],
    [
      'headers of its own',
      { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' },
      {
        statusCode: 200,
        headers: { 'content-type': 'text/plain', 'async-http-job-id': 'r1.1' },
        body: 'ok',
      },
    ],
  ])('is a header of a response that has %s', (_, response, expected) => {
    expect(withJobId(response, 'r1.1')).toEqual(expected);
  });

  it('stands in the path of its state too, where that is known', () => {
    const response = { statusCode: 202, headers: { 'content-type': 'text/plain' } };

    expect(withJobId(response, 'r1.1', '/jobs/')).toEqual({
      statusCode: 202,
      headers: {
        'content-type': 'text/plain',
        'async-http-job-id': 'r1.1',
        location: '/jobs/r1.1',
      },
    });
  });

  it.each([['text'], [204], [null], [[1, 2]], [{ order: 7 }]])(
    'is nowhere in a response that cannot have headers: %j',
    (response) => {
      expect(withJobId(response, 'r1.1')).toEqual(response);
    },
  );

  it('does not stay in the response of later requests', () => {
    const response = { statusCode: 200, headers: {} };

    withJobId(response, 'r1.1');

    expect(response).toEqual({ statusCode: 200, headers: {} });
  });
});
