import { expect, it } from 'vitest';
import type { Recording } from '../../src/recording/recording.ts';
import { livePage, recordingPage } from '../../src/recording/recording-page.ts';

const ELEMENT = /<script type="application\/json" id="recording">(.*?)<\/script>/s;

it('hostile content cannot break out of a recording', async () => {
  const text = `</script><script>alert(1)</script><!--<script> $& $1 $\` \u2028`;
  const recording: Recording = {
    version: 1,
    startedAt: 0,
    functions: [],
    forgotten: 0,
    entries: [
      { seq: 0, event: { at: 1, request: 1, type: 'http.request', method: text, target: text } },
    ],
    payloads: { [text]: { response: { text, bytes: 1, isCut: false } } },
  };

  const html = await recordingPage(recording);

  const [, json = ''] = ELEMENT.exec(html) ?? [];
  expect(json).not.toContain('<');
  expect(JSON.parse(json)).toEqual(recording);
  expect(html.replace(ELEMENT, '')).not.toContain('alert');
});

it('a live page has a token and no recording', async () => {
  const html = await livePage({ token: 'abc' });

  expect(html).toContain('<script type="application/json" id="live">{"token":"abc"}</script>');
  expect(ELEMENT.exec(html)?.[1]).toBe('');
});
