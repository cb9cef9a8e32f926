import { dirname } from 'node:path';
import { DEFAULT_SOCKET_PATH, SOCKET_VARIABLE } from '@async-http/client/protocol';
import { createLog } from './log.ts';
import { register } from './platform.ts';
import { openSocket } from './socket.ts';

// The program in /opt/extensions. This file alone touches `process`, and decides the exit code.
// Lambda starts the runtime when every extension has registered; so what is not needed for that is
// a file of its own in the layer, and loads while the runtime starts.

const { env } = process;
const write = (line: string) => process.stdout.write(line);

const log = createLog({
  format: env.AWS_LAMBDA_LOG_FORMAT,
  level: env.AWS_LAMBDA_LOG_LEVEL,
  write,
});

async function main(): Promise<void> {
  // Before registering, because Lambda starts the function only after that.
  const socketPath = env[SOCKET_VARIABLE] ?? DEFAULT_SOCKET_PATH;
  const socket = await openSocket(socketPath);
  const isManagedInstance = env.AWS_LAMBDA_INITIALIZATION_TYPE === 'lambda-managed-instances';
  const extension = await register(
    env.AWS_LAMBDA_RUNTIME_API ?? '',
    // Managed Instances refuse INVOKE: they are not frozen, so there is nothing to hold.
    isManagedInstance ? ['SHUTDOWN'] : ['INVOKE', 'SHUTDOWN'],
  );
  try {
    const { runAfterRegistration } = await import('./after-registration.ts');
    await runAfterRegistration({
      env,
      programs: dirname(process.argv[1] ?? ''),
      extension,
      socket,
      stateFolder: dirname(socketPath),
      isManagedInstance,
      log,
      write,
    });
  } catch (error) {
    await extension.reportExitError(error).catch(() => {}); // The cause below is what matters.
    throw error;
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    log.error(`the extension cannot go on: ${error}`);
    process.exit(1);
  },
);
