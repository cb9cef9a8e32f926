import { join } from 'node:path';
import { bellPath, readRuntimeApi, stateBases, stateFolder } from '@async-http/client/protocol';
import { fifoBell } from './bell/fifo-bell.ts';
import { fileBell } from './bell/file-bell.ts';
import { isWritableFolder } from './bell/is-writable-folder.ts';
import { register, registeredExtension } from './lambda/extensions-api.ts';
import { createLog } from './output/log.ts';
import { writeAtOnce } from './output/write-at-once.ts';
import { readLaunch } from './take-over.ts';

// The program behind the launcher. This file alone touches `process`, and decides the exit code. Where nobody has
// registered yet, Lambda starts the runtime when every extension has; so what is not needed for that is a file of its
// own in the layer, and loads while the runtime starts.

const { env } = process;
const write = (line: string | Buffer) => void process.stdout.write(line);

const log = createLog({
  format: env.AWS_LAMBDA_LOG_FORMAT,
  level: env.AWS_LAMBDA_LOG_LEVEL,
  write,
});

async function main(): Promise<void> {
  const base = stateBases(env).find(isWritableFolder) ?? '/tmp';
  const launch = readLaunch(env);
  // Before registering, because Lambda starts the function only after that.
  const bell = launch.bellFd === undefined ? fileBell(bellPath(base)) : fifoBell(launch.bellFd);
  const isManagedInstance = env.AWS_LAMBDA_INITIALIZATION_TYPE === 'lambda-managed-instances';
  const runtimeApi = readRuntimeApi(env.AWS_LAMBDA_RUNTIME_API ?? '');
  const extension = launch.registration
    ? registeredExtension(runtimeApi, launch.registration)
    : // Managed Instances refuse INVOKE: they are not frozen, so there is nothing to hold.
      await register(runtimeApi, isManagedInstance ? ['SHUTDOWN'] : ['INVOKE', 'SHUTDOWN']);
  writeAtOnce();
  try {
    const { runAfterRegistration } = await import('./after-registration.ts');
    await runAfterRegistration({
      env,
      programs: join(process.argv[1] ?? '', '..'),
      extension,
      launch,
      bell,
      folder: stateFolder(base),
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
    log.error(`the extension cannot continue: ${error}`);
    process.exit(1);
  },
);
