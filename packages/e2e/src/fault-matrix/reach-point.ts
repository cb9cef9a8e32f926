import { setTimeout as sleep } from 'node:timers/promises';
import { signalProcess } from '../processes.ts';
import type { Question } from '../stage.ts';
import type { Point } from './matrix.ts';
import { logLine, type World } from './world.ts';

/** The job that the matrix is about. */
export const JOB = 'the job';

/** What bytes take that nobody can watch, from one process of this machine into a pipe of another. */
const ON_ITS_WAY_MS = 50;

/** Where things stand when a job has come to its point. */
export interface Scene {
  /** The function, which waits for its next order; undefined while its hand-off is under way. */
  readonly atFunction: Question | undefined;
  /** The job, or the module of the handler, which waits for its order. */
  readonly atHandler: Question | undefined;
}

/**
 * Brings the job to a point in its life, where it stays until it is told to go on.
 *
 * @param userFault what user code in the handler process does where it cannot be told later: in another
 * job that is taken up right before this one, or when this one has just returned
 */
export async function reachPoint(world: World, point: Point, userFault?: string): Promise<Scene> {
  const { lambda, stage, gate } = world;
  const invoked = await stage.asked('function', { step: 'invoked' });
  if (point === 'before the hand-off is acknowledged') {
    const atHandler = await stage.asked('load');
    invoked.answer({ do: 'hand off', event: { name: JOB } });
    await sleep(ON_ITS_WAY_MS);
    return { atFunction: undefined, atHandler };
  }
  stage.answerAll({ load: () => ({}), effect: () => ({}) });
  if (point === 'acknowledged, not started') {
    const handedOff = await handOff(world, invoked, { name: 'a first one' });
    await stage.asked('job', { name: 'a first one' });
    // It is loaded, and takes nothing up now.
    signalProcess(lambda, 'handler process', 'SIGSTOP');
    const last = userFault
      ? await handOff(world, handedOff, { name: 'another', fault: userFault })
      : handedOff;
    return { atFunction: await handOff(world, last, { name: JOB }), atHandler: undefined };
  }
  const atFunction = await handOff(world, invoked, { name: JOB });
  const atJob = await stage.asked('job', { name: JOB });
  switch (point) {
    case 'running':
      return { atFunction, atHandler: atJob };
    case 'between attempts':
      atJob.answer({ fault: 'asks for a pause' });
      await logLine(lambda, 'attempt 1 failed');
      break;
    case 'done, the result on its way':
      signalProcess(lambda, 'extension', 'SIGSTOP');
      atJob.answer({ afterwards: userFault });
      await sleep(ON_ITS_WAY_MS);
      break;
    case 'succeeded, its record on its way':
      gate.setMode('hold');
      atJob.answer();
      await gate.arrival;
      break;
    case 'failed, its record on its way':
      gate.setMode('hold');
      atJob.answer({ fault: 'gives up' });
      await gate.arrival;
      break;
    default:
      point satisfies never;
  }
  return { atFunction, atHandler: undefined };
}

/** @returns the function's next question */
export async function handOff(
  { stage }: World,
  atFunction: Question,
  event: { name: string; fault?: string },
): Promise<Question> {
  atFunction.answer({ do: 'hand off', event });
  return stage.asked('function', { step: 'accepted', name: event.name });
}
