import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { NEXT_LIMIT, nextLimit } from '../setup/next-limit.ts';
import { type Environment, runJob, startEnvironment } from '../setup/start-environment.ts';

/** Long enough for the function to be done before its job is. */
const WORK_MS = 3;

/** What is billed after the work is done. */
export const settledToNext: Figure = {
  name: 'settled-to-next',
  title: 'last job settled → /event/next',
  unit: 'ms',
  budget: { units: 1 },
  async measure(stand) {
    const environment = await startEnvironment(stand);
    const samples = await interleave(
      { rounds: 300, warmUp: 50 },
      {
        // An instant, not a duration: the other end of it is known to the background handler only.
        calledAt: () => runJob(environment, { workMs: WORK_MS }),
        limit: await nextLimit(stand),
      },
    );
    const endedAt = (await readNotes(environment)).slice(-samples.calledAt.length);
    return {
      ours: {
        what: 'the background handler returns → GET arrives',
        samples: endedAt.map((at, job) => (samples.calledAt[job] ?? Number.NaN) - at),
      },
      limit: { what: NEXT_LIMIT, samples: samples.limit },
    };
  },
};

/** When each job has ended. */
async function readNotes(environment: Environment): Promise<number[]> {
  const report = join(tmpdir(), `async-http-bench-${randomUUID()}.json`);
  await runJob(environment, { report });
  const notes: number[] = JSON.parse(await readFile(report, 'utf8'));
  await rm(report);
  return notes;
}
