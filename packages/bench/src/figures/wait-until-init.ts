import type { Lambda } from '@async-http/emulator';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { coldStart } from '../setup/invoke.ts';
import { startWaitUntilFunctions } from '../setup/wait-until-functions.ts';
import { waitUntilSeries } from '../setup/wait-until-series.ts';

/** What a cold start gains from `waitUntil`. */
export const waitUntilInit: Figure = {
  name: 'wait-until-init',
  title: 'waitUntil: INIT phase',
  unit: 'ms',
  budgets: [{ unitsOverLimit: 4 }],
  async measure(stand) {
    const initMs = async (lambda: Lambda) => (await coldStart(lambda)).initMs;
    const { layer, npm, neither, plain } = await startWaitUntilFunctions(stand);
    return waitUntilSeries(
      await interleave(
        { rounds: stand.rounds(20), warmUp: 1 },
        {
          layer: () => initMs(layer),
          npm: () => initMs(npm),
          neither: () => initMs(neither),
          plain: () => initMs(plain),
        },
      ),
    );
  },
};
