import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningEmulator, startEmulator } from '../../conformance/emulator.ts';
import { playRule } from '../../conformance/play.ts';
import { INTERFACES } from '../../conformance/rule.ts';
import { RULES } from '../../conformance/rules.ts';
import { hasNamespaces } from '../support/start.ts';

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

describe.each(INTERFACES)('%s', (name) => {
  it.for(
    RULES.filter((rule) => rule.interface === name).map(
      (rule) => [rule.id, rule.source, rule] as const,
    ),
  )('%s (%s)', async ([_id, _source, rule], { skip }) => {
    skip(
      !hasNamespaces && rule.needsNamespaces === true,
      'needs environments with their own file system',
    );
    const outcome = await playRule(rule, emulator);

    if (rule.status === 'differs on purpose') {
      expect(outcome.result, 'It agrees now: correct its status.').toBe('differs');
    } else {
      expect(outcome).toEqual({ rule, result: 'agrees' });
    }
  });
});
