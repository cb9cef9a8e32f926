/** Enters the environment's root and working directory, then becomes the program: same process all along. */
export function launchScript(
  root: string,
  cwd: string,
  variables: Readonly<Record<string, string>>,
  command: readonly string[],
): string {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const inside = 'cd "$1" || exit 126; shift; exec env -i "$@"';
  const words = ['setsid', 'chroot', root, '/bin/sh', '-c', inside, 'sh', cwd];
  return `exec ${[...words, ...assignments, ...command].map(shellQuote).join(' ')}\n`;
}

function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
