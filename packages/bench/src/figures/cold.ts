import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { COMPARED, startCompared } from '../setup/compared-functions.ts';
import { coldStart } from '../setup/invoke.ts';

/** What the first caller of an environment waits for, by how much CPU the function has. */
export const coldStarts: readonly Figure[] = [
  coldStartOf('cold-2', '2 cores', 2),
  coldStartOf('cold-1', '1 core', 1, [{ timesLimit: 1.4 }, { belowPeer: true }]),
  coldStartOf('cold-quarter', '¼ core', 0.25, [{ timesLimit: 1.7 }]),
];

function coldStartOf(
  name: string,
  cpu: string,
  cpuCores: number,
  budgets: Figure['budgets'] = [],
): Figure {
  return {
    name,
    title: `cold start: INIT + first response, ${cpu}`,
    unit: 'ms',
    budgets,
    async measure(stand) {
      const names = ['proxy', 'plain', 'minimal', 'server'] as const;
      const { proxy, plain, minimal, server } = await startCompared(stand, names, cpuCores);
      const sample = (lambda: typeof proxy) => async () => {
        const { initMs, responseMs } = await coldStart(lambda);
        return initMs + responseMs;
      };
      const samples = await interleave(
        { rounds: stand.rounds(20), warmUp: 1 },
        {
          proxy: sample(proxy),
          plain: sample(plain),
          minimal: sample(minimal),
          server: sample(server),
        },
      );
      return {
        ours: { what: COMPARED.proxy, samples: samples.proxy },
        limit: { what: COMPARED.plain, samples: samples.plain },
        peers: [
          { what: COMPARED.minimal, samples: samples.minimal },
          { what: COMPARED.server, samples: samples.server },
        ],
      };
    },
  };
}
