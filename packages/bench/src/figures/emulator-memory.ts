import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { bareNodeMemory } from '../setup/bare-node.ts';
import { environmentProcesses } from '../setup/environment-processes.ts';
import { invoke } from '../setup/invoke.ts';
import { privateMemory } from '../setup/private-memory.ts';
import { startFunction } from '../setup/start-function.ts';

/** What each environment of a concurrent function takes. Linux only. */
export const emulatorMemory: Figure = {
  name: 'emulator-memory',
  title: 'emulator: private memory per environment',
  unit: 'MiB',
  async measure(stand) {
    const lambda = await startFunction(stand, { name: 'plain', handler: 'plain.handler' });
    const samples = await interleave(
      { rounds: stand.rounds(5) },
      {
        async ours() {
          await invoke(lambda, {});
          await lambda.idle();
          const { all } = await environmentProcesses(lambda);
          const mib = await privateMemory(all);
          await lambda.shutdown();
          return mib;
        },
        limit: () => bareNodeMemory(1),
      },
    );
    return {
      ours: {
        what: 'all its processes, frozen after one request; no-op handler, no extensions',
        samples: samples.ours,
      },
      limit: { what: 'a bare Node.js process', samples: samples.limit },
    };
  },
};
