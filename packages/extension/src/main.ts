import { dirname } from 'node:path';
import { DEFAULT_SOCKET_PATH, SOCKET_VARIABLE } from '@async-http/client/protocol';
import { openSocket, receive } from './inbox.ts';
import { Invocations } from './invocations.ts';
import { CONSUMER_HANDLER, PROXY_HANDLER } from './layer-handlers.ts';
import { runExtension } from './lifecycle.ts';
import { createLog } from './log.ts';
import { type Extension, register } from './platform.ts';

// The program in /opt/extensions. This file alone touches `process`, and decides the exit code.
// Lambda starts the runtime when every extension has registered; so what is not needed for that is
// imported afterwards, and loads while the runtime starts.

/** Where one of them is the function's handler, no telemetry is needed, which costs part of INIT. */
const OUR_HANDLERS = [PROXY_HANDLER, CONSUMER_HANDLER];

const { env } = process;
const write = (line: string) => process.stdout.write(line);

const log = createLog({
  format: env.AWS_LAMBDA_LOG_FORMAT,
  level: env.AWS_LAMBDA_LOG_LEVEL,
  write,
});

async function main(): Promise<void> {
  // Before registering, because Lambda starts the function only after that.
  const socket = await openSocket(env[SOCKET_VARIABLE] ?? DEFAULT_SOCKET_PATH);
  const isManagedInstance = env.AWS_LAMBDA_INITIALIZATION_TYPE === 'lambda-managed-instances';
  const extension = await register(
    env.AWS_LAMBDA_RUNTIME_API ?? '',
    // Managed Instances refuse INVOKE: they are not frozen, so there is nothing to hold.
    isManagedInstance ? ['SHUTDOWN'] : ['INVOKE', 'SHUTDOWN'],
  );
  try {
    const { createParts } = await import('./parts.ts');
    const invocations = new Invocations();
    const parts = createParts({
      env,
      programs: dirname(process.argv[1] ?? ''),
      functionHandler: extension.handler,
      invocations,
      log,
      write,
    });
    receive(socket, parts.receiver, log);
    if (isManagedInstance) invocations.neverFreezes();
    else if (!OUR_HANDLERS.includes(extension.handler)) {
      await watchRuntime(extension, invocations, parts.receiver.end);
    }
    await runExtension({ extension, invocations, ...parts, log });
  } catch (error) {
    await extension.reportExitError(error).catch(() => {}); // The cause below is what matters.
    throw error;
  }
}

async function watchRuntime(
  extension: Extension,
  invocations: Invocations,
  onEnd: (requestId: string) => void,
): Promise<void> {
  try {
    const { listenForRuntimeDone } = await import('./telemetry.ts');
    const listener = await listenForRuntimeDone(onEnd, log);
    const answer = await extension.subscribeTelemetry(listener.uri);
    // Local emulators answer 202 and deliver nothing; they do not freeze either, so no hold is needed.
    if (answer === 'local') invocations.neverFreezes();
  } catch (error) {
    log.warn(
      'no telemetry: a request that hands nothing off is held until shortly before its deadline',
      { error: String(error) },
    );
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    log.error(`the extension cannot go on: ${error}`);
    process.exit(1);
  },
);
