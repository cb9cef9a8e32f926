import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ActionImpossibleError } from '../errors.ts';
import type { LocalLambda } from '../lambda/local-lambda.ts';
import type { Lambda } from '../lambda-types.ts';
import type { LocalAws } from '../local-aws/local-aws.ts';
import type { Recorder } from '../recording/recorder.ts';
import { type Action, readAction } from './action.ts';
import { NoSuchFunctionError } from './errors.ts';
import { nextAttempt } from './next-attempt.ts';

/** A function that can be acted on. */
export type ActedOn = Pick<Lambda, 'invoke'> & Pick<LocalLambda, 'environment' | 'environments'>;

export interface ActionDependencies {
  /** By their name in the project file. */
  readonly functions: () => ReadonlyMap<string, ActedOn>;
  readonly localAws: LocalAws | undefined;
  readonly recorder: Recorder;
}

/**
 * Does what the user asks for on the page; what was done is an event of the recording.
 *
 * @param body the action as it was sent
 * @throws an error with a `code` when it is not valid or not possible at the moment
 */
export async function perform(body: unknown, dependencies: ActionDependencies): Promise<void> {
  const action = readAction(body);
  const at = Date.now();
  const text = await act(action, dependencies);
  const functionName = 'functionName' in action ? action.functionName : undefined;
  const environmentId = 'environmentId' in action ? action.environmentId : undefined;
  dependencies.recorder.add({
    at,
    type: 'action',
    ...(functionName !== undefined && { functionName }),
    ...(environmentId !== undefined && { environmentId }),
    text,
  });
}

/** @returns what was done, in words */
async function act(action: Action, dependencies: ActionDependencies): Promise<string> {
  if (action.action === 'destination-down') return switchDestinations(action, dependencies);
  const lambda = findFunction(action.functionName, dependencies);
  switch (action.action) {
    case 'freeze':
      await lambda.environment(action.environmentId).freeze();
      return 'freeze';
    case 'thaw':
      await lambda.environment(action.environmentId).thaw();
      return 'thaw';
    case 'show-pending':
      await lambda.environment(action.environmentId).showPending();
      return 'look at what is pending';
    case 'kill': {
      const { process } = action;
      await lambda.environment(action.environmentId).kill(process);
      return process === 'runtime' ? 'kill the runtime' : `kill the extension ${process.extension}`;
    }
    case 'shutdown':
      await shutDown(lambda, action);
      return `shut down (${action.reason})`;
    case 'invoke':
      await invoke(lambda, action.event);
      return 'invoke';
    case 'fail-next-attempt': {
      const environment = lambda.environment(action.environmentId);
      const words = (attempt: string) => `fail ${attempt}`;
      return nextAttempt(dependencies.recorder, action, words, () => environment.killWorkers());
    }
    case 'delay-next-attempt': {
      const { environmentId, delayMs } = action;
      const environment = lambda.environment(environmentId);
      const words = (attempt: string) =>
        `delay ${attempt} by ${delayMs.toLocaleString('en-US')} ms`;
      return nextAttempt(dependencies.recorder, action, words, () =>
        environment.pauseWorkers(delayMs),
      );
    }
    default:
      return action satisfies never;
  }
}

function findFunction(name: string, { functions }: ActionDependencies): ActedOn {
  const found = functions().get(name);
  if (!found) throw new NoSuchFunctionError(name, [...functions().keys()]);
  return found;
}

async function shutDown(
  lambda: ActedOn,
  { environmentId, reason }: Extract<Action, { action: 'shutdown' }>,
): Promise<void> {
  const environments =
    environmentId === undefined ? lambda.environments() : [lambda.environment(environmentId)];
  if (environments.length === 0) {
    throw new ActionImpossibleError('the function has no environment. Send a request first.');
  }
  await Promise.all(environments.map((environment) => environment.shutdown(reason)));
}

/** Does not wait for the answer, only for the news that there can be none. */
async function invoke(lambda: ActedOn, event: unknown): Promise<void> {
  const invoked = lambda.invoke(event, { requestId: randomUUID() });
  invoked.catch(() => undefined);
  await Promise.race([invoked, nextTurn()]);
}

function switchDestinations(
  { isDown }: Extract<Action, { action: 'destination-down' }>,
  { localAws }: ActionDependencies,
): string {
  if (!localAws) {
    throw new ActionImpossibleError(
      'no service of AWS is local here: the project needs none, or dev was started with --aws.',
    );
  }
  localAws.isDown = isDown;
  return isDown ? 'destinations down: local AWS answers 503' : 'destinations up again';
}
