import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ANSWERED_BY_RIE, RECORDED_FROM_AWS } from '../../conformance/recordings.ts';
import { RULES } from '../../conformance/rules.ts';

const ROOT = new URL('../../../../', import.meta.url);
const ids = RULES.map(({ id }) => id);
const rows = [...RECORDED_FROM_AWS, ...ANSWERED_BY_RIE];

describe.each(rows.map((row) => [row.topic, row] as const))('%s', (_, row) => {
  it('is held by rules or tests that exist, or has a reason why not', () => {
    const { rules = [], tests = [], notHeld } = row;
    expect(rules.filter((id) => !ids.includes(id))).toEqual([]);
    const missing = tests.filter((test) => {
      const [file = '', title = ''] = test.split(/: (.*)/s);
      return !readFileSync(new URL(file, ROOT), 'utf8').includes(title);
    });
    expect(missing).toEqual([]);
    expect(rules.length + tests.length > 0).toBe(notHeld === undefined);
  });
});

it('no row has got lost', () => {
  expect([RECORDED_FROM_AWS.length, ANSWERED_BY_RIE.length]).toEqual([30, 14]);
  expect(new Set(rows.map(({ topic }) => topic)).size).toBe(rows.length);
});

describe('the rules', () => {
  it('have unique ids', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('have a reason where they do not simply agree', () => {
    const wrong = RULES.filter(({ status, why }) => (status === 'agrees') !== (why === undefined));
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});
