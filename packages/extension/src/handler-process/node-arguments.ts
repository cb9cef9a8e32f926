/**
 * The Node.js flags that Lambda's bootstrap gives to the runtime, so that user code finds the same
 * heap and loads by the same rules. A flag that the user's `NODE_OPTIONS` name is left to them:
 * on the command line it would overrule theirs.
 *
 * @see "Node.js experimental features" and the bootstrap script of the managed Node.js runtimes
 */
export function runtimeNodeArguments({
  memoryMiB,
  nodeMajor,
  nodeOptions = '',
}: {
  readonly memoryMiB: number;
  readonly nodeMajor: number;
  readonly nodeOptions?: string | undefined;
}): string[] {
  const flags = [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.max(1, Math.floor(memoryMiB / 20))}`,
    `--max-old-space-size=${Math.floor(memoryMiB * 0.9)}`,
    // From Node.js 23 on, both features are part of the language that the runtime accepts.
    ...(nodeMajor <= 22
      ? ['--no-experimental-require-module', '--no-experimental-detect-module']
      : []),
  ];
  const named = new Set((nodeOptions.match(/--[\w-]+/g) ?? []).map(feature));
  return flags.filter((flag) => !named.has(feature(flag)));
}

/** `--no-x=1`, `--x` and `--x_y` are the same flag as Node.js reads them. */
function feature(flag: string): string {
  return flag
    .replace(/=.*/, '')
    .replaceAll('_', '-')
    .replace(/^--(no-)?/, '');
}
