import type { Variables } from '../environment-variables.ts';
import { readFunctionConfig } from '../function-config.ts';
import type { LambdaOptions } from '../lambda-types.ts';
import { findNodeProgram } from '../node-program.ts';
import { checkNodeVersion } from '../node-version.ts';
import { createSandboxFactory } from '../sandbox/create-sandbox.ts';
import { prepareFolders } from '../sandbox/function-folders.ts';
import { WorkFolder } from '../work-folder.ts';
import { environmentLimit } from './environment-limit.ts';
import { EnvironmentPool } from './environment-pool.ts';
import { LocalLambda, type OnPayload } from './local-lambda.ts';
import { ManagedInstance } from './managed-instance.ts';

/** What the options of a function do not say. */
export interface LocalOptions {
  /** Makes what becomes `/var/task` of `options.code`, in a folder that goes with the function. */
  readonly build?: ((target: string) => Promise<void>) | undefined;
  /** Variables beside those of the function's configuration, which win. */
  readonly variables?: Variables | undefined;
  /** How many events and log lines `timeline` and `logs` keep. */
  readonly history?: number;
  /** Called with the event and the response of each invoke. */
  readonly onPayload?: OnPayload | undefined;
}

const HISTORY = 50_000;

/**
 * Makes a function invocable on this machine. Environments start with the first invoke.
 *
 * @throws as `startLambda()`.
 */
export async function startLocalLambda(
  options: LambdaOptions,
  { build, variables = {}, history = HISTORY, onPayload }: LocalOptions = {},
): Promise<LocalLambda> {
  checkNodeVersion(process.versions.node);
  const config = await readFunctionConfig(options, process.env.AWS_REGION ?? 'us-east-1');
  const node = await findNodeProgram(config.runtime, options.nodePath);
  const workFolder = await WorkFolder.create();
  try {
    const folders = await prepareFolders(config, node.path, workFolder.path, build);
    const { isolation, remark, createSandbox } = await createSandboxFactory({
      config,
      folders,
      workFolder: workFolder.path,
      asked: options.isolation,
    });
    const lambda = new LocalLambda({
      name: config.name,
      history,
      trackUnfinished: config.trackUnfinished,
      onEvent: options.onEvent,
      onPayload,
      removeFiles: () => workFolder.remove(),
      createTarget: (onEvent) => {
        const dependencies = {
          config,
          folders,
          credentials: readCredentials(process.env),
          variables,
          runtimeVersion: `${config.runtime} (Node.js ${node.version.slice(1)})`,
          createSandbox,
          onEvent,
        };
        if (config.isManagedInstances) return new ManagedInstance(dependencies);
        const isShared = isolation === 'hook';
        return new EnvironmentPool(dependencies, {
          maxConcurrency: isShared ? Number.POSITIVE_INFINITY : config.maxConcurrency,
          maxEnvironments: isShared ? 1 : Math.min(config.maxConcurrency, environmentLimit()),
        });
      },
    });
    for (const line of [node.warning, remark]) if (line) lambda.say(line);
    return lambda;
  } catch (error) {
    await workFolder.remove();
    throw error;
  }
}

/** Those of this process, so that functions reach the developer's own account; else some that look like it. */
function readCredentials(env: NodeJS.ProcessEnv): Variables {
  const {
    AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY = 'local',
    // On Lambda it is always there. Long-lived keys have none, and AWS's clients ignore an empty one.
    AWS_SESSION_TOKEN = env.AWS_ACCESS_KEY_ID === undefined ? 'local' : '',
  } = env;
  return { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN };
}
