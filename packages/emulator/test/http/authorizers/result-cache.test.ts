import { expect, it } from 'vitest';
import { ResultCache } from '../../../src/http/authorizers/result-cache.ts';

it('a result is kept for its time to live', () => {
  let now = 1000;
  const cache = new ResultCache<string>(() => now);
  cache.set('key', 'result', 500);
  cache.set('other', 'never kept', 0);

  now = 1499;
  expect([cache.get('key'), cache.get('other')]).toEqual(['result', undefined]);
  now = 1500;
  expect(cache.get('key')).toBeUndefined();
});
