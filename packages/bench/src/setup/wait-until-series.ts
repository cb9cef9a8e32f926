import type { Measured, Series } from '../figure.ts';
import { MODES, type Mode } from './wait-until-functions.ts';

/** The modes as the rows of a figure: npm alone is what has a budget, the limit is the handler without us. */
export function waitUntilSeries(samples: Readonly<Record<Mode, readonly number[]>>): Measured {
  const series = (mode: Mode): Series => ({ what: MODES[mode], samples: samples[mode] });
  return {
    ours: series('npm'),
    otherModes: [series('layer'), series('neither')],
    limit: series('plain'),
  };
}
