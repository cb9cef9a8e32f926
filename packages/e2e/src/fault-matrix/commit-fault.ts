import { signalProcess } from '../processes.ts';
import type { Question } from '../stage.ts';
import type { Fault, Point } from './matrix.ts';
import { handOff, type Scene } from './reach-point.ts';
import { happened, logLine, signalIfRunning, type World } from './world.ts';

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

/** Lets the fault happen to a job at its point. Resolves when it has had its effect. */
export async function commitFault(
  world: World,
  fault: Fault,
  point: Point,
  { atFunction, atHandler }: Scene,
): Promise<void> {
  const { lambda, gate } = world;
  const userFault = USER_FAULTS[fault];
  if (userFault) {
    if (atHandler) atHandler.answer({ fault: userFault });
    else if (point === 'acknowledged, not started')
      signalProcess(lambda, 'handler process', 'SIGCONT');
    else if (atFunction && point !== 'done, the result on its way')
      await handOff(world, atFunction, { name: 'another', fault: userFault });
    return;
  }
  switch (fault) {
    case 'SIGKILL of the handler process':
      return signalProcess(lambda, 'handler process', 'SIGKILL');
    case 'SIGKILL of the extension':
      return lambda.kill({ extension: 'async-http' });
    case 'SIGKILL of the runtime, then SHUTDOWN':
      signalIfRunning(lambda, 'extension', 'SIGCONT');
      await lambda.kill('runtime');
      // What stands still stays so until the environment has ended.
      return happened(lambda, 'shutdown.done');
    case 'another extension ends, then SHUTDOWN':
      signalIfRunning(lambda, 'extension', 'SIGCONT');
      await lambda.kill({ extension: 'another' });
      return happened(lambda, 'shutdown.done');
    case 'the function hangs until its timeout':
      atFunction?.answer({ do: 'hang' });
      return;
    case 'the deadline':
      atFunction?.answer({ do: 'reply' });
      // Nothing goes on before the invocation is over.
      await happened(lambda, 'invoke.end');
      return;
    case 'SHUTDOWN of a frozen environment':
      atFunction?.answer({ do: 'reply' });
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
      await logLine(lambda, 'could not be delivered');
      return;
    case 'the destination stays down':
      gate.setMode('down');
      atFunction?.answer({ do: 'reply' });
      await lambda.idle();
      world.stage.answerAll({ function: () => ({ do: 'reply' }) });
      await lambda.invoke({});
      await lambda.idle();
      return;
    case '/tmp is full':
      // Before the hand-off, it was filled before that.
      if (atFunction) (await fillDisk(world, atFunction)).answer({ do: 'reply' });
      return;
    default:
      throw new Error(`Nobody knows how to commit "${fault}".`);
  }
}

/** Nothing more fits beside the journal. Resolves to the function's next question. */
export async function fillDisk({ stage }: World, atFunction: Question): Promise<Question> {
  atFunction.answer({ do: 'fill the disk of the journal' });
  return stage.asked('function', { filled: true });
}

/** Everything goes on that was held up, and nothing more goes wrong. */
export function heal({ lambda, stage, gate }: World): void {
  gate.setMode('pass');
  stage.answerAll({
    load: () => ({}),
    job: () => ({}),
    effect: () => ({}),
    function: () => ({ do: 'reply' }),
  });
  signalIfRunning(lambda, 'extension', 'SIGCONT');
  signalIfRunning(lambda, 'handler process', 'SIGCONT');
}
