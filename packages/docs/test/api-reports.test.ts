import { expect, it } from 'vitest';
import { apiEntries, compareReports } from '../src/api-report.ts';

const PACKAGES = ['client', 'proxy', 'extension', 'layer-builder', 'emulator', 'cdk'];

it.each(PACKAGES)('the API of %s is the one in its reports', { timeout: 60_000 }, (name) => {
  expect(
    compareReports(apiEntries(name), process.env.UPDATE_DOCS !== undefined),
    'It has changed. If that is intended, build, run this test again with UPDATE_DOCS=1, and commit packages/docs/api.',
  ).toEqual([]);
});
