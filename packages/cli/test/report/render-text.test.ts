import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { renderText } from '../../src/report/render-text.ts';

const text = (report: Partial<Report>) =>
  stripVTControlCharacters(
    renderText(
      { file: '/app/serverless.yml', functions: [], others: 0, ...report },
      { cwd: '/app', stream: process.stdout },
    ),
  );

it('a project without async-http is said to be one', () => {
  expect(text({ others: 2 })).toBe(
    'No function in serverless.yml uses async-http; there was nothing to check.',
  );
});

it('functions without async-http are counted', () => {
  const functions = [{ name: 'report', place: { file: '/app/serverless.yml' }, findings: [] }];
  expect(text({ functions, others: 1 })).toBe(
    'report  serverless.yml\n  ok\n\n1 function, 0 errors, 0 warnings, 0 notes (1 other function without async-http)',
  );
});
