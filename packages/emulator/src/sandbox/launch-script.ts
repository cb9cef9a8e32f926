/**
 * Enters the environment's root and working directory, then its control groups, then becomes the program:
 * same process all along. The groups come last, because the steps before are ours and not the function's.
 */
export function launchScript({
  root,
  cwd,
  procsFiles,
  variables,
  command,
}: {
  root: string;
  cwd: string;
  /** Of control groups; see `EnvironmentCgroups`. */
  procsFiles: readonly string[];
  variables: Readonly<Record<string, string>>;
  command: readonly string[];
}): string {
  const inside = ['cd "$1" || exit 126; shift', ...procsFiles.map(join), 'exec env -i "$@"'];
  const words = ['setsid', 'chroot', root, '/bin/sh', '-c', inside.join('; '), 'sh', cwd];
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return `exec ${[...words, ...assignments, ...command].map(shellQuote).join(' ')}\n`;
}

/** Becomes a member of control groups, then the program. */
export function launchIn(
  procsFiles: readonly string[],
  command: readonly [program: string, ...args: string[]],
): readonly [program: string, ...args: string[]] {
  if (procsFiles.length === 0) return command;
  return ['/bin/sh', '-c', [...procsFiles.map(join), 'exec "$@"'].join('; '), 'sh', ...command];
}

function join(procsFile: string): string {
  return `echo 0 >${shellQuote(procsFile)} || exit 126`;
}

function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
