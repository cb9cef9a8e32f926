import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { childrenOf, privateMemory } from '../setup/private-memory.ts';
import { startEnvironment } from '../setup/start-environment.ts';
import { startProgram } from '../setup/start-program.ts';

const BARE = ['-e', 'console.log("ready"); setInterval(() => {}, 1e9)'];

/** What we take away from the function's memory size. Linux only. */
export const memory: Figure = {
  name: 'memory',
  title: 'private memory, idle',
  unit: 'MiB',
  budget: { timesLimit: 2 },
  async measure(stand) {
    const samples = await interleave(
      { rounds: 5 },
      {
        async ours() {
          const ends: (() => unknown)[] = [];
          const { pid } = await startEnvironment({
            ...stand,
            onEnd: (end) => ends.unshift(end),
          });
          const mib = await privateMemory([pid, ...(await childrenOf(pid))]);
          for (const end of ends) await end();
          return mib;
        },
        async limit() {
          const pair = [startProgram(process.execPath, BARE), startProgram(process.execPath, BARE)];
          await Promise.all(pair.map(({ ready }) => ready));
          const mib = await privateMemory(pair.map(({ pid }) => pid));
          await Promise.all(pair.map((program) => program.stop()));
          return mib;
        },
      },
    );
    return {
      ours: { what: 'extension + handler process, after one job', samples: samples.ours },
      limit: { what: 'two bare Node.js processes', samples: samples.limit },
    };
  },
};
