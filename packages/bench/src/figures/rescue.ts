import type { Lambda } from '@async-http/emulator';
import type { Figure, Measured, Stand } from '../figure.ts';
import { type FailureQueue, openFailureQueue } from '../setup/failure-queue.ts';
import { startFunction } from '../setup/start-function.ts';

/** INIT may take longer than Lambda gives it, on a busy machine; then it is tried again by the next invoke. */
const START_ATTEMPTS = 3;
/** What does not fit into the time of one request is continued in the next one. */
const MOST_REQUESTS = 10;
const SMALLEST = { memoryMiB: 128, cpuCores: 'as-lambda' } as const;

/** Whether a job that cannot end is recorded once and harms nobody, on the smallest function there is. */
export const rescues: readonly Figure[] = [
  {
    name: 'rescue-deadline',
    title: '128 MB: a job runs past the deadline (3 s)',
    unit: '',
    budgets: [{ units: 0 }],
    measure: (stand) =>
      countFaults(stand, 3_000, async (lambda) => {
        await lambda.invoke({ bytes: 1_000 });
        await lambda.idle();
      }),
  },
  {
    name: 'rescue-shutdown',
    title: '128 MB: SHUTDOWN while a job with a 900 kB event runs',
    unit: '',
    budgets: [{ units: 0 }],
    measure: (stand) =>
      countFaults(stand, 60_000, async (lambda, jobWorks) => {
        await lambda.invoke({ bytes: 900_000 });
        // A job that was not accepted never works; its missing record is a fault too.
        await Promise.race([jobWorks, lambda.idle()]);
        // An environment is never retired while a job runs; but it is when the function crashes.
        await lambda.kill('runtime');
        await lambda.idle();
      }),
  },
];

type Rescue = (lambda: Lambda, jobWorks: Promise<unknown>) => Promise<void>;

interface Outcome {
  readonly isStarted: boolean;
  readonly timeouts: number;
  readonly records: number;
  /** How many more requests it has taken until the record was there. */
  readonly requests: number;
}

async function countFaults(stand: Stand, timeoutMs: number, rescue: Rescue): Promise<Measured> {
  const queue = await openFailureQueue(stand);
  const outcomes: Outcome[] = [];
  const jobs = stand.rounds(5);
  while (outcomes.length < jobs) {
    outcomes.push(await rescueOnce({ stand, queue, timeoutMs, rescue }));
  }
  const total = (count: (outcome: Outcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + count(outcome), 0);
  const found =
    `${jobs} jobs, ${total(({ records }) => records)} records, ` +
    `${total(({ timeouts }) => timeouts)} timeouts, ${total(({ isStarted }) => (isStarted ? 0 : 1))} not started, ` +
    `at most ${Math.max(...outcomes.map(({ requests }) => requests))} more requests until the record`;
  return {
    ours: {
      what: `timeouts, missing and double records: ${found}`,
      samples: [
        total(({ isStarted, timeouts, records }) =>
          isStarted ? timeouts + Math.abs(records - 1) : 1,
        ),
      ],
    },
    limit: {
      what: 'no layer, a handler that only replies: timeouts of the first request',
      samples: [await countPlainTimeouts(stand, timeoutMs)],
    },
  };
}

async function rescueOnce({
  stand,
  queue,
  timeoutMs,
  rescue,
}: {
  stand: Stand;
  queue: FailureQueue;
  timeoutMs: number;
  rescue: Rescue;
}): Promise<Outcome> {
  const jobWorks = Promise.withResolvers<void>();
  const lambda = await startFunction(stand, {
    ...SMALLEST,
    name: 'rescue',
    handler: 'hands-off.handler',
    layers: [stand.layer.zip],
    timeoutMs,
    environment: { ASYNC_HANDLER: 'never-ends.handler', ...queue.variables },
    onEvent: (event) => {
      if (event.type === 'log' && event.line.includes('the job works')) jobWorks.resolve();
    },
  });
  try {
    const isStarted = await startEnvironment(lambda);
    if (!isStarted) return { isStarted, timeouts: 0, records: 0, requests: 0 };
    const before = countTimeouts(lambda);
    await rescue(lambda, jobWorks.promise);
    let records = await queue.receive();
    let requests = 0;
    // One more than it needs, which would show a second record.
    for (let isThere = false; requests < MOST_REQUESTS && !isThere; requests += 1) {
      isThere = records > 0;
      await lambda.invoke({});
      await lambda.idle();
      records += await queue.receive();
    }
    return { isStarted, timeouts: countTimeouts(lambda) - before, records, requests: requests - 1 };
  } finally {
    await lambda.close();
  }
}

/** A busy machine may not even manage that. */
async function countPlainTimeouts(stand: Stand, timeoutMs: number): Promise<number> {
  const lambda = await startFunction(stand, {
    ...SMALLEST,
    name: 'plain',
    handler: 'plain.handler',
    timeoutMs,
  });
  await lambda.invoke({});
  await lambda.idle();
  return countTimeouts(lambda);
}

/** @returns whether it has replied in one of the attempts. */
async function startEnvironment(lambda: Lambda): Promise<boolean> {
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const { functionError } = await lambda.invoke({});
    await lambda.idle();
    if (!functionError) return true;
  }
  return false;
}

function countTimeouts({ timeline }: Lambda): number {
  return timeline.filter(({ type }) => type === 'timeout').length;
}
