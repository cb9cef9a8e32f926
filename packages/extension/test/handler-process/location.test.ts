import { expect, it } from 'vitest';
import { firstLocation } from '../../src/handler-process/location.ts';

it.each([
  ['    at handler (file:///var/task/index.mjs:2:9)', '/var/task/index.mjs:2'],
  ['    at Object.<anonymous> (/var/task/my jobs/index.js:1:7)', '/var/task/my jobs/index.js:1'],
  ['    at async file:///var/task/index.mjs:3:1', '/var/task/index.mjs:3'],
  ['    at /var/task/index.js:3:1', '/var/task/index.js:3'],
  ['/var/task/index.cjs:2', '/var/task/index.cjs:2'],
  ['file:///var/task/index.mjs:2', '/var/task/index.mjs:2'],
  ['    at node:internal/modules/cjs/loader:1234:5', undefined],
  ['Error: it failed at 12:30', undefined],
])('the place in %j is %j', (line, place) => {
  expect(firstLocation([line])).toBe(place);
});

it('a line of 1 MB is looked at in no time', () => {
  const lines = ['( /'.repeat(350_000), ` /${':1'.repeat(500_000)} `, `:${'1'.repeat(1_000_000)}x`];
  const startedAt = process.hrtime.bigint();

  expect(firstLocation(lines)).toBeUndefined();

  // Tens of seconds for a regular expression that tries each start with each end.
  expect(Number(process.hrtime.bigint() - startedAt) / 1e6).toBeLessThan(5_000);
});
