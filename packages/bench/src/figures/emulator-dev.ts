import { request } from 'undici';
import { now } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { startDevServer } from '../setup/dev-server.ts';
import { startProgram } from '../setup/start-program.ts';

/** How long a developer waits. */
export const emulatorDev: Figure = {
  name: 'emulator-dev',
  title: 'emulator: start of `dev` → first response',
  unit: 'ms',
  async measure({ rounds }) {
    const samples = await interleave(
      { rounds: rounds(15), warmUp: 1 },
      {
        async ours() {
          const startedAt = now();
          const server = startDevServer();
          const { body, statusCode } = await request(await server.url);
          const durationMs = now() - startedAt;
          if ((await body.text()) !== 'ok') throw new Error(`dev replied ${statusCode}`);
          await server.stop();
          return durationMs;
        },
        async limit() {
          const startedAt = now();
          for (const _ of ['the emulator', 'the runtime']) {
            await startProgram(process.execPath, ['-e', '0']).ended;
          }
          return now() - startedAt;
        },
      },
    );
    return {
      ours: {
        what: 'the program is started, says its address, and answers a GET',
        samples: samples.ours,
      },
      limit: { what: 'node -e 0 → its end, twice', samples: samples.limit },
    };
  },
};
