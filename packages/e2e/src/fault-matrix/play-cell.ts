import type { Fauxqs, InvocationRecord } from '../fauxqs.ts';
import type { Runtime } from '../open-function.ts';
import { commitFault, fillDisk, heal, USER_FAULTS } from './commit-fault.ts';
import type { Fault, Outcome, Point } from './matrix.ts';
import { JOB, reachPoint, type Scene } from './reach-point.ts';
import { openWorld, type World } from './world.ts';

/** Where the fault is a matter of the function's time, that is short. */
const ENDS_WITH_THE_TIME = new Set<Fault>([
  'an endless loop',
  'a job that never settles',
  'the function hangs until its timeout',
  'the deadline',
  'SHUTDOWN of a frozen environment',
  'the destination stays down',
]);

/** What is left of a job may need a new environment, and a record another invocation. */
const FOLLOWING_INVOCATIONS = 3;

/** Plays one cell of the matrix in an environment of its own, and tells how the job ended. */
export async function playCell(
  fault: Fault,
  point: Point,
  { runtime, fauxqs }: { runtime: Runtime; fauxqs: Fauxqs },
): Promise<Outcome> {
  const world = await openWorld({
    runtime,
    fauxqs,
    timeoutMs: ENDS_WITH_THE_TIME.has(fault) ? 4_000 : 30_000,
    hasAnotherExtension: fault === 'another extension ends, then SHUTDOWN',
    hasSmallHeap: fault === 'out of memory',
  });
  try {
    const reply = world.lambda.invoke({});
    reply.catch(() => {}); // If it fails, it is awaited below.
    const scene = await prepare(world, fault, point);
    await commitFault(world, fault, point, scene);
    heal(world);
    const { functionError } = await reply;
    return await findOutcome(world, {
      callerGotError: functionError !== undefined,
      // Its answer may be what the fault has hit.
      mayArriveTwice: point.endsWith('its record on its way'),
    });
  } finally {
    await world.close();
  }
}

async function prepare(world: World, fault: Fault, point: Point): Promise<Scene> {
  const { stage } = world;
  if (fault === '/tmp is full') {
    const invoked = await stage.asked('function', { step: 'invoked' });
    invoked.answer({ do: 'give the journal a disk of its own' });
    if (point === 'before the hand-off is acknowledged') {
      const next = await stage.asked('function', { step: 'invoked' });
      (await fillDisk(world, next)).answer({ do: 'hand off', event: { name: JOB } });
      return { atFunction: undefined, atHandler: undefined };
    }
  }
  return reachPoint(world, point, USER_FAULTS[fault]);
}

/** Invokes the function until the job is where it belongs, for as many times as that may take. */
async function findOutcome(
  world: World,
  { callerGotError, mayArriveTwice }: { callerGotError: boolean; mayArriveTwice: boolean },
): Promise<Outcome> {
  const { lambda, stage, failures, successes } = world;
  const isAccepted = stage.questions.some(
    ({ facts }) => isAbout(facts) && facts.step === 'accepted',
  );
  const failed: InvocationRecord[] = [];
  const succeeded: InvocationRecord[] = [];
  for (let invocations = 0; invocations <= FOLLOWING_INVOCATIONS; invocations += 1) {
    if (invocations > 0) await lambda.invoke({});
    await lambda.idle();
    failed.push(...(await failures.receive()).filter(isOfJob));
    succeeded.push(...(await successes.receive()).filter(isOfJob));
    if (failed.length + succeeded.length > 0) break;
  }
  if (!isAccepted) {
    if (callerGotError) return 'caller gets an error';
    throw new Error(describe(world, 'The job was not accepted, and the caller does not know.'));
  }
  const effects = stage.questions.filter(({ who, facts }) => who === 'effect' && isAbout(facts));
  const isOnce = (records: readonly unknown[]) =>
    records.length === 1 || (mayArriveTwice && records.length === 2);
  if (isOnce(succeeded) && failed.length === 0) {
    return effects.length > 1 ? 'succeeds, maybe twice' : 'succeeds';
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
