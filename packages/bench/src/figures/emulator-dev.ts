import { request } from 'undici';
import { now, timed } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { startDevServer } from '../setup/dev-server.ts';
import { makeService, makeTypeScriptService } from '../setup/project.ts';
import {
  installServerlessOffline,
  serveOffline,
  useServerlessOffline,
} from '../setup/serverless-offline.ts';
import { startProgram } from '../setup/start-program.ts';

/** How long a developer waits. */
export const emulatorDevs: readonly Figure[] = [1, 20, 100].map((functions) => ({
  name: `emulator-dev-${functions}`,
  title: `emulator: start of \`dev\` → first response, ${functions} function(s)`,
  unit: 'ms',
  async measure(stand) {
    const project = await makeService(stand, functions);
    const path = `/${functions - 1}`;
    const hasPeer = installServerlessOffline();
    if (hasPeer) await useServerlessOffline(project);
    const sources: Record<string, () => Promise<number>> = {
      ours: () => timeToFirstResponse(project, path),
      limit: timeOfTwoPrograms,
    };
    if (hasPeer) sources.offline = () => timeToFirstOffline(project, path);
    const rounds = stand.rounds(functions === 1 ? 15 : 7);
    const { ours = [], limit = [], offline } = await interleave({ rounds, warmUp: 1 }, sources);
    return {
      ours: { what: 'the program is started, says its address, and answers a GET', samples: ours },
      limit: { what: 'node -e 0 → its end, twice', samples: limit },
      peers: offline
        ? [{ what: 'serverless-offline 13.9 of Serverless Framework 3.40', samples: offline }]
        : [],
    };
  },
}));

export const emulatorDevTypeScript: Figure = {
  name: 'emulator-dev-typescript',
  title: 'emulator: start of `dev` → first response, a function of 50 files in TypeScript',
  unit: 'ms',
  async measure(stand) {
    const { folder } = await makeTypeScriptService(stand);
    const samples = await interleave(
      { rounds: stand.rounds(15), warmUp: 1 },
      { ours: () => timeToFirstResponse(folder, '/0'), limit: timeOfTwoPrograms },
    );
    return {
      ours: { what: 'bundled at the start, then as above', samples: samples.ours },
      limit: { what: 'node -e 0 → its end, twice', samples: samples.limit },
    };
  },
};

/** How long a developer waits after a change. */
export const emulatorChange: Figure = {
  name: 'emulator-change',
  title: 'emulator: save of a file → a request answered by new code, 50 files in TypeScript',
  unit: 'ms',
  budgets: [{ units: 150 }],
  async measure(stand) {
    const { folder, change } = await makeTypeScriptService(stand);
    const server = startDevServer(folder, '--watch');
    stand.onEnd(() => server.stop());
    const url = `${await server.url}/0`;
    await bodyOf(url);
    let version = 0;
    const { ours } = await interleave(
      { rounds: stand.rounds(20), warmUp: 2 },
      {
        ours: () =>
          timed(async () => {
            version += 1;
            await change(`${version}`);
            while ((await bodyOf(url)) !== `${version}`);
          }),
      },
    );
    return { ours: { what: '`dev --watch`, asked again and again', samples: ours } };
  },
};

async function timeToFirstResponse(project: string, path: string): Promise<number> {
  const startedAt = now();
  const server = startDevServer(project);
  await bodyOf(`${await server.url}${path}`);
  const durationMs = now() - startedAt;
  await server.stop();
  return durationMs;
}

async function timeToFirstOffline(project: string, path: string): Promise<number> {
  const startedAt = now();
  const stop = await serveOffline(project, path);
  const durationMs = now() - startedAt;
  await stop();
  return durationMs;
}

function timeOfTwoPrograms(): Promise<number> {
  return timed(async () => {
    for (const _ of ['the emulator', 'the runtime']) {
      await startProgram(process.execPath, ['-e', '0']).ended;
    }
  });
}

async function bodyOf(url: string): Promise<string> {
  const { statusCode, body } = await request(url);
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`dev replied ${statusCode}: ${text}`);
  return text;
}
