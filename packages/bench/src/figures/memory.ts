import type { Lambda } from '@async-http/emulator';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { bareNodeMemory } from '../setup/bare-node.ts';
import { environmentProcesses } from '../setup/environment-processes.ts';
import { invoke } from '../setup/invoke.ts';
import { privateMemory } from '../setup/private-memory.ts';
import { startFunction } from '../setup/start-function.ts';

/** What we take away from the memory size of a function that has not handed anything off. Linux only. */
export const memoryBefore: Figure = {
  name: 'memory-before',
  title: 'private memory of the extension, before the first job',
  unit: 'MiB',
  budgets: [{ units: 4 }],
  async measure(stand) {
    const lambda = await startFunction(stand, {
      name: 'imported',
      handler: 'imported.handler',
      layers: [stand.layer.zip],
      environment: { ASYNC_HANDLER: 'background.handler' },
    });
    const samples = await interleave(
      { rounds: stand.rounds(9) },
      { ours: () => extensionMemory(lambda), limit: () => bareNodeMemory(1) },
    );
    return {
      ours: { what: 'all its processes, frozen after one request', samples: samples.ours },
      limit: { what: 'a bare Node.js process', samples: samples.limit },
    };
  },
};

/** What we take away from that of a function that hands off. Linux only. */
export const memoryAfter: Figure = {
  name: 'memory-after',
  title: 'private memory of the extension, after one job',
  unit: 'MiB',
  budgets: [{ timesLimit: 1.7 }],
  async measure(stand) {
    const lambda = await startFunction(stand, {
      name: 'proxy',
      handler: '/opt/proxy.handler',
      layers: [stand.layer.zip],
      environment: { ASYNC_HANDLER: 'background.handler' },
    });
    const samples = await interleave(
      { rounds: stand.rounds(9) },
      { ours: () => extensionMemory(lambda), limit: () => bareNodeMemory(2) },
    );
    return {
      ours: { what: 'all its processes, frozen after one request', samples: samples.ours },
      limit: { what: 'two bare Node.js processes', samples: samples.limit },
    };
  },
};

/** In a new environment, which ends. */
async function extensionMemory(lambda: Lambda): Promise<number> {
  await invoke(lambda, {});
  await lambda.idle();
  const mib = await privateMemory((await environmentProcesses(lambda)).extensions);
  await lambda.shutdown();
  return mib;
}
