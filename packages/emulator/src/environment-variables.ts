import type { FunctionConfig } from './function-config.ts';
import type { EnvironmentPaths } from './sandbox/sandbox.ts';

export type Variables = Record<string, string>;

/** What differs between two environments of one function. */
export interface EnvironmentIdentity {
  /** `127.0.0.1:<port>` of the environment's Runtime, Extensions and Telemetry APIs. */
  readonly apiAddress: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly credentials: Variables;
  /** Of this machine; the customer's win. */
  readonly variables: Variables;
  readonly paths: EnvironmentPaths;
  /** Where the runtime tells what the function has not finished; undefined where nobody asks. */
  readonly pendingWork: string | undefined;
}

/**
 * Variables of an extension process: the customer's and the few that the platform shows it.
 *
 * @see Extensions API, "Environment variables": the handler, the log group and stream, X-Ray's
 * daemon, `LAMBDA_TASK_ROOT` and `AWS_EXECUTION_ENV` are not among them.
 */
export function extensionVariables(
  config: FunctionConfig,
  identity: EnvironmentIdentity,
): Variables {
  const { paths } = identity;
  const customer = Object.entries(config.environment).filter(
    ([name]) => !name.startsWith('_') && !name.startsWith('AWS_XRAY_'),
  );
  return {
    ...platformVariables(config, identity),
    ...Object.fromEntries(customer),
    ...(paths.extensionNodeOptions && {
      NODE_OPTIONS: `${paths.extensionNodeOptions} ${config.environment.NODE_OPTIONS ?? ''}`.trim(),
    }),
    ...reservedVariables(config, identity),
    ...paths.extensionVariables,
  };
}

/** Variables of the runtime process, as the managed Node.js runtimes' bootstrap leaves them. */
export function runtimeVariables(config: FunctionConfig, identity: EnvironmentIdentity): Variables {
  const { paths } = identity;
  const major = config.runtime.replace(/\D/g, '');
  return {
    ...platformVariables(config, identity),
    NODE_PATH: [
      `${paths.opt}/nodejs/node${major}/node_modules`,
      `${paths.opt}/nodejs/node_modules`,
      `${paths.runtime}/node_modules`,
      paths.runtime,
      paths.task,
    ].join(':'),
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.100.1:2000',
    _AWS_XRAY_DAEMON_ADDRESS: '169.254.100.1',
    _AWS_XRAY_DAEMON_PORT: '2000',
    ...config.environment,
    ...reservedVariables(config, identity),
    _HANDLER: paths.handler,
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
    AWS_LAMBDA_LOG_GROUP_NAME: identity.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: identity.logStream,
    LAMBDA_TASK_ROOT: paths.task,
    LAMBDA_RUNTIME_DIR: paths.runtime,
    PWD: paths.task,
    ...(identity.pendingWork && {
      _EMULATOR_PENDING_WORK: JSON.stringify([identity.pendingWork, config.projectFolder]),
    }),
    SHLVL: '0',
    ...(config.isManagedInstances && {
      AWS_LAMBDA_MAX_CONCURRENCY: String(config.maxConcurrency),
    }),
  };
}

/** Set by the platform, may be overridden by the customer. */
function platformVariables(
  config: FunctionConfig,
  { paths, variables }: EnvironmentIdentity,
): Variables {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: `${paths.nodeBin}:/usr/local/bin:/usr/bin/:/bin:${paths.opt}/bin`,
    LD_LIBRARY_PATH: `/var/lang/lib:/lib64:/usr/lib64:${paths.runtime}:${paths.runtime}/lib:${paths.task}:${paths.task}/lib:${paths.opt}/lib`,
    ...(config.isManagedInstances && { AWS_LAMBDA_LOG_FORMAT: 'JSON' }),
    ...(config.isJsonLog && { AWS_LAMBDA_LOG_LEVEL: 'INFO' }),
    ...paths.variables,
    ...variables,
  };
}

/** Set by the platform for both kinds of process; cannot be overridden. */
function reservedVariables(
  config: FunctionConfig,
  { apiAddress, credentials }: EnvironmentIdentity,
): Variables {
  return {
    ...credentials,
    AWS_REGION: config.region,
    AWS_DEFAULT_REGION: config.region,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMiB),
    AWS_LAMBDA_FUNCTION_VERSION: config.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: config.isManagedInstances
      ? 'lambda-managed-instances'
      : 'on-demand',
    AWS_LAMBDA_RUNTIME_API: apiAddress,
  };
}
