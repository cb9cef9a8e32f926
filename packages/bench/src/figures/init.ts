import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { initDuration } from '../setup/init-duration.ts';
import { FUNCTIONS, startFunctions } from '../setup/start-functions.ts';

/** What a cold start gains from us. */
export const init: Figure = {
  name: 'init',
  title: 'INIT phase, on the emulator',
  unit: 'ms',
  async measure(stand) {
    const { proxy, plain } = await startFunctions(stand);
    const samples = await interleave(
      { rounds: 12, warmUp: 1 },
      { ours: () => initDuration(proxy), limit: () => initDuration(plain) },
    );
    return {
      ours: { what: FUNCTIONS.proxy, samples: samples.ours },
      limit: { what: FUNCTIONS.plain, samples: samples.limit },
    };
  },
};
