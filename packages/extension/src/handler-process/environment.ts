/** What the environment of a runtime process depends on, and an extension has to find out. */
export interface RuntimeFacts {
  /** The extension's own environment. */
  readonly extensionEnv: NodeJS.ProcessEnv;
  /** The function's handler, from the answer to `/register`. */
  readonly functionHandler: string;
  /** Major version of the Node.js program, e.g. 24. */
  readonly nodeMajor: number;
}

/** Where the layer's entry script keeps the function's `NODE_OPTIONS` while the extension itself runs without them. */
const KEPT_NODE_OPTIONS = '_ASYNC_HTTP_NODE_OPTIONS';

/**
 * The environment that a runtime process would have, for the process in which background handlers run.
 * Lambda hides some variables from extensions, and its bootstrap script adds others for the runtime;
 * both are put back. What is in the extension's environment wins. The names of log group and stream
 * are not known here: they come with each job.
 *
 * @see Extensions API, "Environment variables specific to extensions"; "Defined runtime environment variables"
 */
export function handlerEnvironment(facts: RuntimeFacts): NodeJS.ProcessEnv {
  const { [KEPT_NODE_OPTIONS]: nodeOptions, ...given } = facts.extensionEnv;
  const taskRoot = given.LAMBDA_TASK_ROOT || '/var/task';
  const runtimeDir = given.LAMBDA_RUNTIME_DIR || '/var/runtime';
  return {
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${facts.nodeMajor}.x`,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    LANG: 'en_US.UTF-8',
    LD_LIBRARY_PATH: [
      '/var/lang/lib',
      '/lib64',
      '/usr/lib64',
      runtimeDir,
      `${runtimeDir}/lib`,
      taskRoot,
      `${taskRoot}/lib`,
      '/opt/lib',
    ].join(':'),
    // The bootstrap of the managed Node.js runtimes sets it, unless the function does.
    NODE_PATH: [
      `/opt/nodejs/node${facts.nodeMajor}/node_modules`,
      '/opt/nodejs/node_modules',
      `${runtimeDir}/node_modules`,
      runtimeDir,
      taskRoot,
    ].join(':'),
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
    TZ: ':UTC',
    ...given,
    ...(nodeOptions && { NODE_OPTIONS: nodeOptions }),
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: runtimeDir,
    _HANDLER: facts.functionHandler,
    // So that the client, and what a job starts, do not take it for the function.
    _ASYNC_HTTP_HANDLER_PROCESS: '1',
  };
}
