import type { Lambda } from '@async-http/emulator';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { environmentProcesses } from '../setup/environment-processes.ts';
import { invoke } from '../setup/invoke.ts';
import { privateMemory } from '../setup/private-memory.ts';
import { startWaitUntilFunctions } from '../setup/wait-until-functions.ts';
import { waitUntilSeries } from '../setup/wait-until-series.ts';

/** What `waitUntil` takes away from the function's memory size. Linux only. */
export const waitUntilMemory: Figure = {
  name: 'wait-until-memory',
  title: 'waitUntil: private memory of the function process, after one request',
  unit: 'MiB',
  budgets: [{ unitsOverLimit: 1 }],
  async measure(stand) {
    const { layer, npm, neither, plain } = await startWaitUntilFunctions(stand);
    const extension: number[] = [];
    const samples = await interleave(
      { rounds: stand.rounds(9) },
      {
        layer: async () => {
          const memory = await memoryOf(layer);
          extension.push(memory.extension);
          return memory.runtime;
        },
        npm: async () => (await memoryOf(npm)).runtime,
        neither: async () => (await memoryOf(neither)).runtime,
        plain: async () => (await memoryOf(plain)).runtime,
      },
    );
    const series = waitUntilSeries(samples);
    const beside = { what: 'with the layer: beside it, the extension', samples: extension };
    return { ...series, otherModes: [...(series.otherModes ?? []), beside] };
  },
};

/** Of a new environment, which is frozen then, and ended. In MiB. */
async function memoryOf(lambda: Lambda): Promise<{ runtime: number; extension: number }> {
  await invoke(lambda, { usesWaitUntil: true });
  await lambda.idle();
  const { runtime, extensions } = await environmentProcesses(lambda);
  const memory = {
    runtime: await privateMemory(runtime),
    extension: await privateMemory(extensions),
  };
  await lambda.shutdown();
  return memory;
}
