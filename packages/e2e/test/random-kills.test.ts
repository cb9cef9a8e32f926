import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import { planRun } from '../src/random-kills/plan.ts';
import { runWithKills } from '../src/random-kills/run-with-kills.ts';
import { ONE_RUNTIME } from './support/start-function.ts';

let fauxqs: Fauxqs;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
afterAll(() => fauxqs.close());

/** What fits into a test; `pnpm random-kills` has any number. */
const SIZE = { jobs: 80, seed: 1 };

it('the same seed plans the same run, another one another', () => {
  expect(planRun(SIZE)).toEqual(planRun(SIZE));
  expect(planRun({ ...SIZE, seed: 2 })).not.toEqual(planRun(SIZE));
});

describe.each(ONE_RUNTIME)('on %s', (runtime) => {
  it(`${SIZE.jobs} jobs and random kills: none is lost`, { timeout: 300_000 }, async () => {
    const { figures, lost, kills } = await runWithKills({
      ...SIZE,
      runtime,
      fauxqs,
      environments: 4,
    });

    expect(lost).toEqual([]);
    expect(figures.accepted).toBeGreaterThan(SIZE.jobs / 2);
    for (const count of Object.values(kills)) expect(count).toBeGreaterThan(0);
  });
});
