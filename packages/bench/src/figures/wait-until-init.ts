import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { initDuration } from '../setup/init-duration.ts';
import { startWaitUntilFunctions } from '../setup/wait-until-functions.ts';
import { waitUntilSeries } from '../setup/wait-until-series.ts';

/** What a cold start gains from `waitUntil`. */
export const waitUntilInit: Figure = {
  name: 'wait-until-init',
  title: 'waitUntil: INIT phase, on the emulator',
  unit: 'ms',
  budget: { unitsOverLimit: 3 },
  async measure(stand) {
    const { layer, npm, neither, plain } = await startWaitUntilFunctions(stand);
    return waitUntilSeries(
      await interleave(
        { rounds: 15, warmUp: 1 },
        {
          layer: () => initDuration(layer),
          npm: () => initDuration(npm),
          neither: () => initDuration(neither),
          plain: () => initDuration(plain),
        },
      ),
    );
  },
};
