import { readRuntimeApi } from '../protocol/runtime-api.ts';
import { shared } from '../shared.ts';
import { background } from './background.ts';
import { releaseTime } from './hold-times.ts';
import { InternalExtension } from './internal-extension.ts';
import { nextEvent } from './next-event.ts';
import { registerBlocking } from './register-blocking.ts';
import { reportNotRegistered } from './report-no-hold.ts';

/** Inherited by the threads and processes that the function starts: only the first one, the runtime, registers. */
const REGISTERED = '_ASYNC_HTTP_REGISTERED';

/**
 * Registers this process as an internal extension, unless the layer is there: its extension listens before
 * Lambda starts the runtime, so whether it is there is certain now. Does nothing outside Lambda, and on
 * Managed Instances, which are not frozen.
 */
export function registerProcess(env: NodeJS.ProcessEnv): void {
  if (!env.AWS_LAMBDA_RUNTIME_API || env[REGISTERED]) return;
  if (env.AWS_LAMBDA_INITIALIZATION_TYPE === 'lambda-managed-instances') return;
  const all = background(env); // Also where the layer holds: the runtime can be watched from the start.
  const { bell, isRuntime } = shared(env);
  // NODE_OPTIONS reaches other extensions too, which have no handler.
  if (!isRuntime || bell.isThere) return;
  env[REGISTERED] = '1';
  try {
    const runtimeApi = readRuntimeApi(env.AWS_LAMBDA_RUNTIME_API);
    const identifier = registerBlocking(runtimeApi);
    all.useHold(
      new InternalExtension({
        next: () => nextEvent(runtimeApi, identifier),
        // As the extension of the layer: early enough that the function does not time out.
        releaseAtMs: ({ deadlineMs }) => releaseTime(env, deadlineMs),
      }),
    );
  } catch (error) {
    reportNotRegistered(error as Error);
  }
}
