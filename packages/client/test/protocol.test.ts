import { describe, expect, it } from 'vitest';
import { describeVersionMismatch, endPath, requestIdFromEndPath } from '../src/protocol.ts';

describe('the path of an end message', () => {
  it.each(['8f507cfc-5f3c-4e33-9a4c-2d6f1e1b6f0a', 'a/b', 'a b', '%', 'ü'])(
    'brings the request id %j back',
    (requestId) => {
      expect(requestIdFromEndPath(endPath(requestId))).toBe(requestId);
    },
  );

  it.each([
    '/jobs',
    '/invocations//end',
    '/invocations/a/b/end',
    '/invocations/a',
    '/invocations/%E0%A4%A/end',
  ])('is not %j', (path) => {
    expect(requestIdFromEndPath(path)).toBeUndefined();
  });
});

describe('a version mismatch', () => {
  it('that the extension notices names what sent the request', () => {
    expect(describeVersionMismatch({ client: undefined, extension: '1' })).toMatchInlineSnapshot(
      `"A request without the header async-http-version reached the async-http extension, which speaks version 1, so nothing was accepted. Send jobs with @async-http/client."`,
    );
  });
});
