import { expect, it } from 'vitest';
import { apiEntries, compareReports, PACKAGES } from '../src/api-report.ts';

it.each(PACKAGES)('the API of %s is the one in its reports', { timeout: 60_000 }, (name) => {
  expect(
    compareReports(apiEntries(name), process.env.UPDATE_DOCS !== undefined),
    'It has changed. If that is intended, build, run this test again with UPDATE_DOCS=1, and commit packages/docs/api.',
  ).toEqual([]);
});
