import { setTimeout as sleep } from 'node:timers/promises';
import type { Fauxqs, InvocationRecord } from '../fauxqs.ts';
import type { Runtime } from '../open-function.ts';
import { AGAIN, commitFault, heal, USER_FAULTS } from './commit-fault.ts';
import { type Fault, type Outcome, type Point, WITH_LITTLE_CPU } from './matrix.ts';
import { problemOfStore } from './problem-of-store.ts';
import { JOB, reachPoint } from './reach-point.ts';
import { happened, openWorld, PlayAgain, type World } from './world.ts';

/** Where the fault is a matter of the function's time, that is short. */
const ENDS_WITH_THE_TIME = new Set<Fault>([
  'an endless loop',
  'a job that never settles',
  'the function hangs until its timeout',
  'the deadline',
  'the deadline, with 0.072 of a core',
  'SHUTDOWN of a frozen environment',
  'the destination stays down',
]);

/** Elsewhere nobody waits for its end, also on a busy machine. */
const LONG_MS = 100_000;

/** Tried in this order until the fault comes in time: a busy machine needs longer to bring a job to its point. */
const SHORT_MS = [4_000, 9_000, 18_000, 36_000];
const SHORT_WITH_LITTLE_CPU_MS = [18_000, 36_000, 72_000];
/** A handler that has not loaded within 10 s is another fault. */
const LONGEST_WHILE_LOADING_MS = 9_000;

const REQUESTS_THAT_COME_AGAIN = new Set<Fault>([
  'the function fails, and its request comes again',
  'the runtime dies, and its request comes again',
]);

/** A process of ours may end between the end of a job and the write of its state. */
const MAY_LOSE_STATES = new Set<Fault>([
  'SIGKILL of the launcher',
  'SIGKILL of the extension',
  'SIGKILL of Node.js in the extension',
  'SIGKILL of the runtime, then SHUTDOWN',
  'another extension ends, then SHUTDOWN',
  'the runtime dies, and its request comes again',
]);

/** What is left of a job may need a new environment, and a record another invocation. */
const FOLLOWING_INVOCATIONS = 3;

interface Surroundings {
  readonly runtime: Runtime;
  readonly fauxqs: Fauxqs;
}

/** Plays one cell of the matrix in its own environment, and returns how the job ended. */
export async function playCell(fault: Fault, point: Point, where: Surroundings): Promise<Outcome> {
  for (const timeoutMs of timeoutsOf(fault, point)) {
    try {
      return await playWithin(timeoutMs, fault, point, where);
    } catch (error) {
      if (!(error instanceof PlayAgain)) throw error;
    }
  }
  throw new Error(`The machine is too busy for "${fault}" of a job that is ${point}.`);
}

/** Of the function, for one try each. */
function timeoutsOf(fault: Fault, point: Point): readonly number[] {
  if (!ENDS_WITH_THE_TIME.has(fault)) return [LONG_MS, LONG_MS, LONG_MS];
  if (WITH_LITTLE_CPU.has(fault)) return SHORT_WITH_LITTLE_CPU_MS;
  if (point !== 'handed off, the handler not loaded yet') return SHORT_MS;
  return SHORT_MS.map((timeoutMs) => Math.min(timeoutMs, LONGEST_WHILE_LOADING_MS));
}

async function playWithin(
  timeoutMs: number,
  fault: Fault,
  point: Point,
  where: Surroundings,
): Promise<Outcome> {
  const world = await openWorld({
    ...where,
    timeoutMs,
    hasAnotherExtension: fault === 'another extension ends, then SHUTDOWN',
    hasSmallHeap: fault === 'out of memory',
    cpuCores: WITH_LITTLE_CPU.has(fault) ? 0.072 : undefined,
  });
  try {
    const reply = world.lambda.invoke({});
    reply.catch(() => {}); // If it fails, it is awaited below.
    const scene = await orTooLate(
      world,
      timeoutMs,
      reachPoint(world, fault, point, USER_FAULTS[fault]),
    );
    await commitFault(world, fault, point, scene);
    heal(world);
    const { functionError, requestId } = await reply;
    const outcome = await findOutcome(world, {
      callerGotError: functionError !== undefined,
      // Its answer may be what the fault has hit.
      mayArriveTwice: point.endsWith('its record on its way'),
      comesAgain: REQUESTS_THAT_COME_AGAIN.has(fault) ? requestId : undefined,
    });
    if (timeoutMs === LONG_MS) {
      if (fault !== '/tmp is full') await assertWorks(world);
      assertNothingHung(world);
    }
    if (WITH_LITTLE_CPU.has(fault)) return outcome;
    const problem = problemOfStore(await world.table.items(), {
      outcome,
      isDone: effectsOf(world, JOB) > 0,
      isWritten: timeoutMs === LONG_MS && !MAY_LOSE_STATES.has(fault),
      latestMs: Date.now() + timeoutMs,
    });
    if (problem) throw new Error(describe(world, problem));
    return outcome;
  } finally {
    await world.close();
  }
}

/** @throws {PlayAgain} when half of the function's time is over before */
async function orTooLate<T>({ lambda }: World, timeoutMs: number, scene: Promise<T>): Promise<T> {
  if (timeoutMs === LONG_MS) return scene;
  const clock = new AbortController();
  const late = async (): Promise<never> => {
    await happened(lambda, 'invoke.start');
    await sleep(timeoutMs / 2, undefined, { signal: clock.signal });
    throw new PlayAgain('half of the time is over');
  };
  const isLate = late();
  for (const either of [scene, isLate]) either.catch(() => {}); // The other one is awaited.
  return Promise.race([scene, isLate]).finally(() => clock.abort());
}

/** Invokes the function until the job is where it belongs, for as many times as that may take. */
async function findOutcome(
  world: World,
  {
    callerGotError,
    mayArriveTwice,
    comesAgain,
  }: { callerGotError: boolean; mayArriveTwice: boolean; comesAgain: string | undefined },
): Promise<Outcome> {
  const { lambda, stage, failures, successes } = world;
  const isHandedOff = stage.questions.some(
    ({ facts }) => isAbout(facts) && facts.step === 'handed off',
  );
  const failed: InvocationRecord[] = [];
  const succeeded: InvocationRecord[] = [];
  const receive = async () => {
    await lambda.idle();
    failed.push(...(await failures.receive()).filter(isOfJob));
    succeeded.push(...(await successes.receive()).filter(isOfJob));
  };
  await receive();
  if (comesAgain !== undefined) {
    await assertWorks(world, { requestId: comesAgain });
    await receive();
  }
  for (let n = 0; n < FOLLOWING_INVOCATIONS && failed.length + succeeded.length === 0; n += 1) {
    await lambda.invoke({});
    await receive();
  }
  if (!isHandedOff) {
    if (callerGotError) return 'caller gets an error';
    throw new Error(describe(world, 'The job was not handed off, and the caller does not know.'));
  }
  const isCutOff = lambda.logs.some(
    ({ line }) => line.includes('could not be delivered') && line.includes(jobIdOf(world)),
  );
  const isOnce = (records: readonly unknown[]) =>
    records.length === 1 || ((mayArriveTwice || isCutOff) && records.length === 2);
  if (isOnce(succeeded) && failed.length === 0) {
    return effectsOf(world, JOB) > 1 ? 'succeeds, maybe twice' : 'succeeds';
  }
  if (isOnce(failed) && succeeded.length === 0) return 'failure destination';
  const isLogged = lambda.logs.some(
    ({ line }) => line.includes('could not be delivered') && line.includes(`"name":"${JOB}"`),
  );
  if (isLogged && failed.length === 0) return 'record in the log';
  throw new Error(
    describe(world, `${succeeded.length} records of success, ${failed.length} of failure`),
  );
}

/** A request, maybe one that comes again, hands off a job as if nothing had happened. */
async function assertWorks(world: World, options?: { requestId: string }): Promise<void> {
  const before = effectsOf(world, AGAIN);
  await world.lambda.invoke({ again: true }, options);
  await world.lambda.idle();
  const times = effectsOf(world, AGAIN) - before;
  if (times !== 1) throw new Error(describe(world, `A later job was done ${times} times.`));
}

/** No hold lasts until the deadline, where nothing keeps the job from ending. */
function assertNothingHung(world: World): void {
  const longest = world.lambda.timeline.flatMap((event) =>
    event.type === 'invoke.end' ? [event.durationMs] : [],
  );
  if (Math.max(...longest) < LONG_MS / 2) return;
  throw new Error(describe(world, 'An invocation was held until its deadline.'));
}

function jobIdOf({ stage }: World): string {
  return String(stage.questions.find(({ facts }) => isAbout(facts))?.facts.jobId);
}

/** How often the work of a job was done. */
function effectsOf({ stage }: World, name: string): number {
  return stage.questions.filter(({ who, facts }) => who === 'effect' && facts.name === name).length;
}

function isAbout({ name }: Readonly<Record<string, unknown>>): boolean {
  return name === JOB;
}

function isOfJob({ requestPayload }: InvocationRecord): boolean {
  return requestPayload.name === JOB;
}

/** For the one who has to find out why. */
function describe({ lambda, stage }: World, problem: string): string {
  return [
    problem,
    ...stage.questions.map(({ who, facts }) => `${who} ${JSON.stringify(facts)}`),
    ...lambda.logs.map(({ line }) => line),
  ].join('\n');
}
