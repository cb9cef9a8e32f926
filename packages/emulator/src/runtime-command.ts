import type { FunctionConfig } from './function-config.ts';
import type { EnvironmentPaths } from './sandbox/sandbox.ts';

/**
 * Program and arguments of the managed runtime: Node.js with the flags of the managed bootstrap,
 * then AWS's runtime client. With `AWS_LAMBDA_EXEC_WRAPPER` the wrapper gets all of it as arguments
 * (Developer Guide, "Using a wrapper script").
 */
export function runtimeCommand(
  config: FunctionConfig,
  paths: EnvironmentPaths,
): [program: string, ...args: string[]] {
  const { memoryMiB } = config;
  const command: [string, ...string[]] = [
    `${paths.nodeBin}/node`,
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.max(1, Math.floor(memoryMiB / 20))}`,
    `--max-old-space-size=${Math.floor(memoryMiB * 0.9)}`,
    ...moduleFlags(config),
    ...paths.nodeFlags,
    `--require=${paths.runtime}/preload.cjs`,
    `${paths.runtime}/index.mjs`,
  ];
  const wrapper = config.environment.AWS_LAMBDA_EXEC_WRAPPER?.replace(/^\/opt(?=\/)/, paths.opt);
  return wrapper ? [wrapper, ...command] : command;
}

/** nodejs22.x switches two features off unless the function's NODE_OPTIONS switch them on (Developer Guide, "Building Lambda functions with Node.js"). */
function moduleFlags({ runtime, environment }: FunctionConfig): string[] {
  if (runtime !== 'nodejs22.x') return [];
  const options = (environment.NODE_OPTIONS ?? '').split(/\s+/);
  return ['experimental-require-module', 'experimental-detect-module']
    .filter((feature) => !options.includes(`--${feature}`))
    .map((feature) => `--no-${feature}`);
}
