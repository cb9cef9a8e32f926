import type { Lambda } from '@async-http/emulator';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { FUNCTIONS, invoke, startFunctions } from '../setup/start-functions.ts';

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

/** Starts an environment of the function, and ends it again. */
async function initDuration(lambda: Lambda): Promise<number> {
  await invoke(lambda, {});
  await lambda.idle();
  const done = lambda.timeline.findLast((event) => event.type === 'init.done');
  await lambda.shutdown();
  if (done?.type !== 'init.done') throw new Error('The INIT phase has not ended.');
  return done.durationMs;
}
