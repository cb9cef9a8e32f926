import { expect, it } from 'vitest';
import { cutText } from '../../src/records/cut-text.ts';

it.each([
  ['leaves what fits', 'abc', 5, 'abc'],
  ['counts the quotes', 'abc', 4, 'ab'],
  ['counts escapes', 'a\n\nb', 6, 'a\n'],
  ['counts bytes', 'äöü', 6, 'äö'],
  ['keeps characters whole', 'a🧀🧀', 9, 'a🧀'],
  ['can leave nothing', 'abc', 2, ''],
])('%s', (_, text, maxBytes, expected) => {
  expect(cutText(text, maxBytes)).toBe(expected);
});
