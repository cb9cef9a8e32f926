import { setTimeout as sleep } from 'node:timers/promises';
import type { TableMood } from '@async-http/test-support';
import { findProcess, processesOf, signalIfRunning, signalProcess } from '../processes.ts';
import { emptyTmp, fillDisk } from './disk.ts';
import type { Fault, Point } from './matrix.ts';
import { handOff, type Scene } from './reach-point.ts';
import { happened, logLine, PlayAgain, until, type World } from './world.ts';

/** Faults of user code, as `remote/faults.mjs` calls them. */
export const USER_FAULTS: Partial<Record<Fault, string>> = {
  'the handler throws once': 'throws',
  'the handler rejects once': 'rejects',
  'an unhandled rejection': 'rejects unhandled',
  'process.exit()': 'exits',
  'out of memory': 'runs out of memory',
  'an endless loop': 'loops for ever',
  'a job that never settles': 'never settles',
};

const STORE_MOODS = {
  'the store is down for a while': 'is down',
  'the store throttles for a while': 'throttles',
  'the store does not answer for a while': 'does not answer',
} as const satisfies Partial<Record<Fault, TableMood>>;

/** How long everything stands still where that is the fault. */
const STANDSTILL_MS = 500;

/** Lets the fault happen to a job at its point. Resolves when it has had its effect. */
export async function commitFault(
  world: World,
  fault: Fault,
  point: Point,
  { atFunction, atHandler }: Scene,
): Promise<void> {
  const { lambda, stage, gate, table } = world;
  const isBeingHandedOff = point === 'being handed off';
  const userFault = USER_FAULTS[fault];
  if (userFault) {
    const handlerProcess = findProcess(lambda, 'handler process');
    if (atHandler) atHandler.answer({ fault: userFault });
    else if (point === 'handed off, not started')
      signalProcess(lambda, 'handler process', 'SIGCONT');
    else if (atFunction) await handOff(world, atFunction, { name: 'another', fault: userFault });
    if (isBeingHandedOff && fault !== 'an endless loop') await replaced(world, handlerProcess);
    return;
  }
  switch (fault) {
    case 'SIGKILL of the handler process': {
      const handlerProcess = findProcess(lambda, 'handler process');
      signalProcess(lambda, 'handler process', 'SIGKILL');
      if (isBeingHandedOff) await replaced(world, handlerProcess);
      return;
    }
    case 'SIGKILL of the launcher':
    case 'SIGKILL of the extension':
      await lambda.kill({ extension: 'async-http' });
      // A stopped process must stay stopped until the environment has ended.
      return happened(lambda, 'shutdown.done');
    case 'SIGKILL of Node.js in the extension':
      signalProcess(lambda, 'extension', 'SIGKILL');
      return happened(lambda, 'shutdown.done');
    case 'SIGKILL of the runtime, then SHUTDOWN':
    case 'SIGKILL of the runtime, with 0.072 of a core':
    case 'the runtime dies, and its request comes again':
      signalIfRunning(lambda, 'extension', 'SIGCONT');
      await lambda.kill('runtime');
      return happened(lambda, 'shutdown.done');
    case 'another extension ends, then SHUTDOWN':
      signalIfRunning(lambda, 'extension', 'SIGCONT');
      await lambda.kill({ extension: 'another' });
      return happened(lambda, 'shutdown.done');
    case 'the function hangs until its timeout':
      if (isBeingHandedOff) return happened(lambda, 'shutdown.done');
      atFunction?.answer({ do: 'hang' });
      return;
    case 'the function fails, and its request comes again':
      atFunction?.answer({ do: 'fail' });
      return;
    case 'the deadline':
    case 'the deadline, with 0.072 of a core':
      if (isBeingHandedOff) {
        // The hold, which the first job does not need any more, ends before the bell is rung.
        atHandler?.answer();
        return happened(lambda, 'extension.next', { times: 2 });
      }
      atFunction?.answer({ do: 'reply' });
      // Nothing continues before the invocation is over.
      return happened(lambda, 'invoke.end');
    case 'all processes stand still for a while':
      for (const pid of processesOf(lambda)) process.kill(pid, 'SIGSTOP');
      await sleep(STANDSTILL_MS);
      for (const pid of processesOf(lambda)) process.kill(pid, 'SIGCONT');
      return;
    case 'SHUTDOWN of a frozen environment':
      atFunction?.answer({ do: 'reply' });
      await happened(lambda, 'invoke.end');
      await lambda.idle();
      if (lambda.timeline.some(({ type }) => type === 'timeout'))
        throw new PlayAgain('the function has timed out');
      await happened(lambda, 'frozen');
      gate.setMode('pass');
      return lambda.shutdown('spindown');
    case 'the destination is down for a while':
      gate.setMode('down');
      await gate.arrival;
      // One more time, now that it is known.
      gate.setMode('down');
      await gate.arrival;
      return;
    case 'the destination refuses':
      gate.setMode('refuse');
      return logLine(lambda, 'could not be delivered');
    case 'the destination stays down':
      gate.setMode('down');
      atFunction?.answer({ do: 'reply' });
      await lambda.idle();
      stage.answerAll({ function: () => ({ do: 'reply' }) });
      await lambda.invoke({});
      await lambda.idle();
      return;
    case 'the store is down for a while':
    case 'the store throttles for a while':
    case 'the store does not answer for a while':
      table.mood = STORE_MOODS[fault];
      heal(world);
      await lambda.idle();
      table.mood = 'works';
      return;
    case '/tmp is full':
      // Before the hand-off, it was filled before that.
      if (atFunction) (await fillDisk(world, atFunction)).answer({ do: 'reply' });
      return;
    case '/tmp is emptied': {
      if (!atFunction) return;
      const emptied = await emptyTmp(world, atFunction);
      // Later hand-offs find their way too.
      await handOff(world, emptied, { name: 'another' });
      return;
    }
    default:
      throw new Error(`Nobody knows how to commit "${fault}".`);
  }
}

/** The process has ended, and the extension has started another one. */
function replaced({ lambda }: World, pid: number | undefined): Promise<void> {
  return until(
    lambda,
    () => ![undefined, pid].includes(findProcess(lambda, 'handler process')),
    'another handler process',
  );
}

/** Everything continues that was held up, and nothing more goes wrong. */
export function heal({ lambda, stage, gate }: World): void {
  gate.setMode('pass');
  stage.answerAll({
    load: () => ({}),
    job: () => ({}),
    effect: () => ({}),
    returned: () => ({}),
    // A later request, or one that comes again, hands off one more job.
    function: ({ step, event }) =>
      step === 'invoked' && (event as { again?: boolean }).again
        ? { do: 'hand off', event: { name: AGAIN } }
        : { do: 'reply' },
  });
  signalIfRunning(lambda, 'extension', 'SIGCONT');
  signalIfRunning(lambda, 'handler process', 'SIGCONT');
  signalIfRunning(lambda, 'function', 'SIGCONT');
}

/** The job of a later request. */
export const AGAIN = 'another job';
