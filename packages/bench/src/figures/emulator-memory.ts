import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { environmentProcesses } from '../setup/environment-processes.ts';
import { privateMemory } from '../setup/private-memory.ts';
import { invoke, startPlainFunction } from '../setup/start-functions.ts';
import { startProgram } from '../setup/start-program.ts';

const BARE = ['-e', 'console.log("ready"); setInterval(() => {}, 1e9)'];

/** What each environment of a concurrent function takes. Linux only. */
export const emulatorMemory: Figure = {
  name: 'emulator-memory',
  title: 'emulator: private memory per environment',
  unit: 'MiB',
  async measure(stand) {
    const lambda = await startPlainFunction(stand);
    const samples = await interleave(
      { rounds: 5 },
      {
        async ours() {
          await invoke(lambda, {});
          await lambda.idle();
          const { all } = await environmentProcesses(lambda);
          const mib = await privateMemory(all);
          await lambda.shutdown();
          return mib;
        },
        async limit() {
          const bare = startProgram(process.execPath, BARE);
          await bare.ready;
          const mib = await privateMemory([bare.pid]);
          await bare.stop();
          return mib;
        },
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
