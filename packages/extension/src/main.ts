import { dirname, join } from 'node:path';
import { DEFAULT_SOCKET_PATH, SOCKET_VARIABLE } from '@async-http/client/protocol';
import { readConfig } from './config.ts';
import {
  createHandlerProcess,
  handlerEnvironment,
  runtimeNodeArguments,
} from './handler-process.ts';
import { openSocket, receive } from './inbox.ts';
import { Invocations } from './invocations.ts';
import { Jobs } from './jobs.ts';
import { runExtension } from './lifecycle.ts';
import { createLog, type Log } from './log.ts';
import { type Extension, register } from './platform.ts';
import { listenForRuntimeDone } from './telemetry.ts';

// The program in /opt/extensions. This file alone touches `process`, and decides the exit code.

/** Our own proxy as the function's handler always says when it is done; telemetry costs part of INIT. */
const PROXY_HANDLER = '/opt/proxy.handler';

/** Like Lambda's INIT phase. */
const LOAD_TIMEOUT_MS = 10_000;

const { env } = process;

const log = createLog({
  format: env.AWS_LAMBDA_LOG_FORMAT,
  level: env.AWS_LAMBDA_LOG_LEVEL,
  write: (line) => process.stdout.write(line),
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
    const config = readConfig(env);
    const handlerProcess = startHandlerProcess(config.handler, extension);
    for (const problem of config.problems)
      log.error(`${problem}. Hand-offs are refused until then`);
    for (const name of config.unknownNames)
      log.warn(`${name} is not a variable of async-http; is it a typo?`);

    const invocations = new Invocations({ maxMarginMs: config.deadlineMarginMs });
    const { problems } = config;
    const jobs = new Jobs({ handlerProcess, problems, invocations, log });
    receive(
      socket,
      {
        accept: (handOff) => jobs.accept(handOff),
        end: (requestId) => invocations.end(requestId),
        // SHUTDOWN comes only as the answer to `next`, so ask for it.
        clientGone: () => invocations.release(),
      },
      log,
    );
    if (isManagedInstance) invocations.neverFreezes();
    else if (extension.handler !== PROXY_HANDLER) await watchRuntime(extension, invocations, log);

    await runExtension({ extension, invocations, jobs, log });
  } catch (error) {
    await extension.reportExitError(error).catch(() => {}); // The cause below is what matters.
    throw error;
  }
}

function startHandlerProcess(handler: string | undefined, extension: Extension) {
  if (handler === undefined) return undefined;
  const nodeMajor = Number(process.versions.node.split('.')[0]);
  const handlerProcess = createHandlerProcess({
    handler,
    hostProgram: join(dirname(process.argv[1] ?? ''), 'handler-host.js'),
    environment: handlerEnvironment({
      extensionEnv: env,
      functionHandler: extension.handler,
      nodeMajor,
    }),
    execArgv: runtimeNodeArguments({
      memoryMiB: Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 128),
      nodeMajor,
    }),
    cwd: env.LAMBDA_TASK_ROOT ?? '/var/task',
    loadTimeoutMs: LOAD_TIMEOUT_MS,
    log,
  });
  handlerProcess.start();
  return handlerProcess;
}

async function watchRuntime(
  extension: Extension,
  invocations: Invocations,
  log: Log,
): Promise<void> {
  try {
    const listener = await listenForRuntimeDone((requestId) => invocations.end(requestId), log);
    const answer = await extension.subscribeTelemetry(listener.uri);
    // Local emulators answer 202 and deliver nothing; they do not freeze either, so no hold is needed.
    if (answer === 'local') invocations.neverFreezes();
  } catch (error) {
    log.warn(
      'no telemetry: a request that hands nothing off is held until shortly before its deadline',
      {
        error: String(error),
      },
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
