import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lambda } from '@async-http/emulator';
import type { Fauxqs } from '../fauxqs.ts';
import { openFunction, type Runtime } from '../open-function.ts';
import { findProcess, type Program, signalIfRunning } from '../processes.ts';
import { openStage } from '../stage.ts';
import { Account } from './account.ts';
import { type PlannedRequest, planRun, type Victim } from './plan.ts';

/** After the last kill, until nothing is left to do. */
const LAST_REQUESTS = 10;

export interface RunOptions {
  readonly jobs: number;
  readonly seed: number;
  readonly runtime: Runtime;
  readonly fauxqs: Fauxqs;
  /** Environments side by side, each with its own function. */
  readonly environments: number;
  readonly onProgress?: (requests: number, of: number) => void;
}

/** Runs jobs in environments whose processes are killed at random moments, and tells what became of them. */
export async function runWithKills({
  jobs,
  seed,
  runtime,
  fauxqs,
  environments,
  onProgress = () => {},
}: RunOptions) {
  const requests = planRun({ jobs, seed });
  const account = new Account();
  const kills = { 'handler process': 0, launcher: 0, extension: 0, runtime: 0 };
  let started = 0;

  const worker = async () => {
    const stage = await openStage();
    const failures = await fauxqs.createQueue(`failures-${randomUUID().slice(0, 8)}`);
    stage.answerAll({
      accepted: ({ name }) => {
        account.accepted(String(name));
        return {};
      },
      done: ({ name }) => {
        account.done(String(name));
        return {};
      },
    });
    const lambda = await openFunction({
      runtime,
      timeoutMs: 20_000,
      code: join(import.meta.dirname, '../remote'),
      handler: 'batch-function.handler',
      environment: {
        ...stage.variables,
        ASYNC_HANDLER: 'batch-job.handler',
        ASYNC_HTTP_ON_FAILURE: failures.arn,
        AWS_ENDPOINT_URL_SQS: fauxqs.endpoint,
      },
    });
    try {
      for (let request = requests[started++]; request; request = requests[started++]) {
        await runRequest(lambda, request, kills);
        for (const record of await failures.receive()) account.recorded(record);
        onProgress(started, requests.length);
      }
      for (let last = 0; last < LAST_REQUESTS; last += 1) {
        await lambda.invoke({ jobs: [] });
        await lambda.idle();
      }
      for (const record of await failures.receive()) account.recorded(record);
    } finally {
      await lambda.close();
      stage.close();
    }
  };
  await Promise.all(Array.from({ length: environments }, worker));
  return { figures: account.figures, lost: account.lost, kills, requests: requests.length };
}

async function runRequest(
  lambda: Lambda,
  { jobs, startsAnew, kill }: PlannedRequest,
  kills: Record<Victim, number>,
): Promise<void> {
  if (startsAnew) {
    // What a kill has left in a log is lost with its environment, unless another request reaches that.
    await lambda.invoke({ jobs: [] });
    await lambda.idle();
    await lambda.shutdown('spindown');
  }
  // Whether the caller gets its reply is not the question here: what was accepted is told by the function.
  const work = lambda.invoke({ jobs }).then(() => lambda.idle());
  if (kill) {
    await startOf(kill.victim, lambda, work);
    await sleep(kill.afterMs);
    if (await killProcess(lambda, kill.victim)) kills[kill.victim] += 1;
  }
  await work;
}

/** Waits until the victim runs, at most until the request and its jobs are over. */
async function startOf(victim: Victim, lambda: Lambda, work: Promise<void>): Promise<void> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  while (!isOver && !isRunning(lambda, victim)) await sleep(5);
}

function isRunning(lambda: Lambda, victim: Victim): boolean {
  // Any moment of the function's process is a good one, also before its program has loaded.
  if (victim === 'runtime') return true;
  // A request may find the extension that its launcher has started already.
  const programs: Program[] = victim === 'launcher' ? ['launcher', 'extension'] : [victim];
  return programs.some((program) => findProcess(lambda, program) !== undefined);
}

/** @returns false when it does not run at this moment */
async function killProcess(lambda: Lambda, victim: Victim): Promise<boolean> {
  if (victim !== 'runtime') return signalIfRunning(lambda, victim, 'SIGKILL');
  await lambda.kill('runtime');
  return true;
}
