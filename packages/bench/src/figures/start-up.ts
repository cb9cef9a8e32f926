import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { now } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { extensionEnvironment, extensionProgram } from '../setup/extension-program.ts';
import { startExtensionsApi } from '../setup/extensions-api.ts';
import type { NodeProgram } from '../setup/node-programs.ts';
import { programPath } from '../setup/socket-peer.ts';
import { startProgram } from '../setup/start-program.ts';

/** What Lambda waits for before it starts the function. */
export function startUp({ major, path: node }: NodeProgram): Figure {
  return {
    name: `start-up-${major}`,
    title: `spawn → registered, Node.js ${major}`,
    unit: 'ms',
    budget: { timesLimit: 1.35 },
    async measure({ layer, onEnd }) {
      const folder = await mkdtemp(join(tmpdir(), 'async-http-bench-'));
      onEnd(() => rm(folder, { recursive: true, force: true }));

      async function untilRegistered(command: string, ...args: string[]): Promise<number> {
        const api = await startExtensionsApi();
        const socket = join(folder, 'extension.sock');
        const env = extensionEnvironment({ api, socket, nodeFolder: dirname(node) });
        const startedAt = now();
        const extension = startProgram(command, args, env);
        const registeredAt = await api.registered;
        await extension.stop();
        api.close();
        return registeredAt - startedAt;
      }

      async function untilEnded(command: string, ...args: string[]): Promise<number> {
        const startedAt = now();
        await startProgram(command, args).ended;
        return now() - startedAt;
      }

      const samples = await interleave(
        { rounds: 30, warmUp: 2 },
        {
          ours: () => untilRegistered(extensionProgram(layer)),
          bare: () => untilEnded(node, '-e', '0'),
          http: () => untilRegistered(node, programPath('http-extension.cjs')),
          fetch: () => untilRegistered(node, programPath('fetch-extension.cjs')),
        },
      );
      return {
        ours: {
          what: 'extensions/async-http of the layer → POST /register',
          samples: samples.ours,
        },
        limit: { what: 'node -e 0 → its end', samples: samples.bare },
        peers: [
          { what: 'extension of one node:http request', samples: samples.http },
          { what: 'extension of one fetch()', samples: samples.fetch },
        ],
      };
    },
  };
}
