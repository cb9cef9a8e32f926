import { Pool } from 'undici';
import type { Figure, Stand } from '../figure.ts';
import { startDevServer } from '../setup/dev-server.ts';
import { privateMemory } from '../setup/private-memory.ts';
import { makeService } from '../setup/project.ts';

interface Answers {
  /** Requests without an answer of the function. */
  readonly unanswered: number;
  readonly environments: number;
}

/** One request after the other is what one environment can do. */
export const emulatorSequence: Figure = {
  name: 'emulator-sequence',
  title: 'emulator: environments for 1,000 requests, one after the other',
  unit: '',
  budgets: [{ units: 1 }],
  async measure(stand) {
    const { send } = await serve(stand);
    const { unanswered, environments } = await send(stand.rounds(1_000), 1);
    return { ours: { what: `${unanswered} unanswered`, samples: [environments] } };
  },
};

/** More at once than the machine has room for. */
export const emulatorBurst: Figure = {
  name: 'emulator-burst',
  title: 'emulator: unanswered requests of 300 at once',
  unit: '',
  budgets: [{ units: 0 }],
  async measure(stand) {
    const { send, memory } = await serve(stand);
    const requests = stand.rounds(300);
    const { unanswered, environments } = await send(requests, requests);
    const mib = Math.round(await memory());
    const what = `${environments} environments; ${mib} MiB of private memory in \`dev\` itself`;
    return { ours: { what, samples: [unanswered] } };
  },
};

/** A test run of hours. */
export const emulatorMany: Figure = {
  name: 'emulator-many',
  title: 'emulator: private memory of `dev` after 40,000 requests',
  unit: 'MiB',
  budgets: [{ timesLimit: 1.1 }],
  async measure(stand) {
    const { send, memory } = await serve(stand);
    // Node.js takes memory for about 20,000 requests, although what it uses stays at 13 MB.
    const half = stand.rounds(20_000);
    const first = await send(half, 8);
    const before = await memory();
    const rest = await send(half, 8);
    const after = await memory();
    const unanswered = first.unanswered + rest.unanswered;
    return {
      ours: {
        what: `${2 * half} requests, 8 at a time, ${unanswered} unanswered`,
        samples: [after],
      },
      limit: { what: `after the first ${half} of them`, samples: [before] },
    };
  },
};

async function serve(stand: Stand): Promise<{
  /** Sends requests, some at a time, each over a connection that is kept. */
  send: (requests: number, atOnce: number) => Promise<Answers>;
  memory: () => Promise<number>;
}> {
  const server = startDevServer(await makeService(stand, 1));
  stand.onEnd(() => server.stop());
  const url = await server.url;
  return {
    memory: () => privateMemory([server.pid]),
    async send(requests, atOnce) {
      const pool = new Pool(url, { connections: atOnce, headersTimeout: 0 });
      const environments = new Set<string>();
      let left = requests;
      let unanswered = 0;
      const client = async () => {
        while (left > 0) {
          left -= 1;
          const { statusCode, body } = await pool.request({ method: 'GET', path: '/0' });
          const text = await body.text();
          if (statusCode === 200) environments.add(text);
          else unanswered += 1;
        }
      };
      await Promise.all(Array.from({ length: atOnce }, client));
      await pool.close();
      return { unanswered, environments: environments.size };
    },
  };
}
