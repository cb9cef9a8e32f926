import { findProcess, isStopped, signalProcess } from '../processes.ts';
import type { Question } from '../stage.ts';
import { emptyTmp, fillDisk, giveDisk } from './disk.ts';
import type { Fault, Point } from './matrix.ts';
import { logLine, PlayAgain, until, type World } from './world.ts';

/** The job that the matrix is about. */
export const JOB = 'the job';

/** Where things stand when a job has come to its point. */
export interface Scene {
  /** The function, which waits for its next order; undefined while its hand-off is under way. */
  readonly atFunction: Question | undefined;
  /** User code in the handler process, which waits for its order: the job, its module, or another job. */
  readonly atHandler: Question | undefined;
}

/**
 * Brings the job to a point in its life, where it stays until it is told to go on.
 *
 * @param userFault what another job, which is taken up right before this one, does as soon as it starts
 */
export async function reachPoint(
  world: World,
  fault: Fault,
  point: Point,
  userFault?: string,
): Promise<Scene> {
  const { lambda, stage, gate } = world;
  let invoked = await stage.asked('function', { step: 'invoked' });
  // On a busy machine it may not have been sure, and has left all to Node.js.
  if (fault === 'SIGKILL of the launcher' && findProcess(lambda, 'extension') !== undefined)
    throw new PlayAgain('Node.js runs already');
  if (fault === '/tmp is full') invoked = await giveDisk(world, invoked);
  if (point === 'being handed off') return stopHandOff(world, fault, invoked);
  if (point === 'handed off, the handler not loaded yet') {
    if (fault === 'SIGKILL of the launcher') {
      signalProcess(lambda, 'launcher', 'SIGSTOP');
      return { atFunction: await handOff(world, invoked, { name: JOB }), atHandler: undefined };
    }
    const atFunction = await handOff(world, invoked, { name: JOB });
    return { atFunction, atHandler: await stage.asked('load') };
  }
  stage.answerAll({ load: () => ({}), effect: () => ({}) });
  if (point === 'handed off, not started') {
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
      return { atFunction, atHandler: undefined };
    case 'done, the result on its way':
      signalProcess(lambda, 'extension', 'SIGSTOP');
      atJob.answer();
      return { atFunction, atHandler: await stage.asked('returned', { name: JOB }) };
    case 'succeeded, its record on its way':
      gate.setMode('hold');
      atJob.answer();
      await gate.arrival;
      return { atFunction, atHandler: undefined };
    case 'failed, its record on its way':
      gate.setMode('hold');
      atJob.answer({ fault: 'gives up' });
      await gate.arrival;
      return { atFunction, atHandler: undefined };
    default:
      return point satisfies never;
  }
}

/** The function stands still when the job is in the log, before it rings the bell. */
async function stopHandOff(world: World, fault: Fault, invoked: Question): Promise<Scene> {
  const { lambda, stage } = world;
  const handJobOff = (atFunction: Question, beforeBell?: 'stand still' | 'empty /tmp') =>
    atFunction.answer({ do: 'hand off', event: { name: JOB }, key: JOB, beforeBell });
  switch (fault) {
    // What is wrong is wrong before the bell is rung.
    case '/tmp is full':
      handJobOff(await fillDisk(world, invoked));
      return { atFunction: undefined, atHandler: undefined };
    case '/tmp is emptied':
      handJobOff(await emptyTmp(world, invoked), 'empty /tmp');
      return { atFunction: undefined, atHandler: undefined };
    case 'SIGKILL of the launcher':
      handJobOff(invoked, 'stand still');
      await until(lambda, () => isStopped(lambda, 'function'), 'the function stands still');
      return { atFunction: undefined, atHandler: undefined };
    default: {
      stage.answerAll({ load: () => ({}), effect: () => ({}), returned: () => ({}) });
      const handedOff = await handOff(world, invoked, { name: 'a first one' });
      const atHandler = await stage.asked('job', { name: 'a first one' });
      handJobOff(handedOff, 'stand still');
      await until(lambda, () => isStopped(lambda, 'function'), 'the function stands still');
      return { atFunction: undefined, atHandler };
    }
  }
}

/** @returns the function's next question */
export async function handOff(
  { stage }: World,
  atFunction: Question,
  event: { name: string; fault?: string },
): Promise<Question> {
  atFunction.answer({ do: 'hand off', event, ...(event.name === JOB && { key: JOB }) });
  return stage.asked('function', { step: 'handed off', name: event.name });
}
