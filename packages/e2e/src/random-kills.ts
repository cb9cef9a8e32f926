// Accepts thousands of jobs while processes are killed at random, and fails if one of them is lost:
// random-kills [--jobs 10000] [--seed 1] [--runtime nodejs24.x] [--environments 4]
import { parseArgs } from 'node:util';
import { startFauxqs } from './fauxqs.ts';
import { RUNTIMES } from './open-function.ts';
import { runWithKills } from './random-kills/run-with-kills.ts';

const { values } = parseArgs({
  // `pnpm run … -- --jobs 10` leaves the two dashes in.
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    jobs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    runtime: { type: 'string', default: RUNTIMES[0] },
    environments: { type: 'string', default: '4' },
  },
});
const runtime = RUNTIMES.find((name) => name === values.runtime);
if (!runtime) throw new Error(`--runtime must be one of ${RUNTIMES.join(', ')}`);

const write = (text: string) => process.stdout.write(text);
const fauxqs = await startFauxqs();
const startedAt = Date.now();
try {
  const { figures, lost, kills, requests } = await runWithKills({
    jobs: Number(values.jobs),
    seed: Number(values.seed),
    environments: Number(values.environments),
    runtime,
    fauxqs,
    onProgress: (started, of) => {
      if (started % 100 === 0) write(`${started} of ${of} requests\n`);
    },
  });
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  write(`${runtime}, seed ${values.seed}: ${requests} requests in ${seconds} s\n`);
  for (const [victim, count] of Object.entries(kills)) write(`  killed the ${victim}: ${count}\n`);
  for (const [name, count] of Object.entries(figures)) write(`  ${name}: ${count}\n`);
  for (const name of lost) write(`  LOST: ${name}\n`);
  process.exitCode = lost.length === 0 ? 0 : 1;
} finally {
  fauxqs.close();
}
