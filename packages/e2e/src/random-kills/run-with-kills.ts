import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lambda } from '@async-http/emulator';
import type { Fauxqs } from '../fauxqs.ts';
import { openFunction, type Runtime } from '../open-function.ts';
import { findProcess, signalIfRunning } from '../processes.ts';
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
  const reply = lambda.invoke({ jobs });
  if (kill) {
    if (kill.victim === 'launcher') await Promise.race([launched(lambda), reply]);
    await sleep(kill.afterMs);
    if (await killProcess(lambda, kill.victim)) kills[kill.victim] += 1;
  }
  await reply;
  await lambda.idle();
}

/** Resolves when an extension of a new environment has started. */
function launched(lambda: Lambda): Promise<void> {
  const isStarted = () => findProcess(lambda, 'launcher') ?? findProcess(lambda, 'extension');
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isStarted() === undefined) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
}

/** @returns false when it does not run at this moment */
async function killProcess(lambda: Lambda, victim: Victim): Promise<boolean> {
  if (victim !== 'runtime') return signalIfRunning(lambda, victim, 'SIGKILL');
  await lambda.kill('runtime');
  return true;
}
