import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+GROUP` and `-GROUP` lines and, when its stdin ends (because we are gone, however that
 * happened), kills the process groups that are still on its list, and on Linux every process that
 * has $1 in its environment variables.
 */
const GUARD = `
groups=' '
while read -r line; do
  group=\${line#?}
  case $line in
    +*) groups="$groups$group " ;;
    -*) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
for round in 1 2 3; do
  for file in $(grep -l -F -e "$1" /proc/[0-9]*/environ 2>/dev/null); do
    process=\${file#/proc/}
    kill -KILL "\${process%/environ}" 2>/dev/null
  done
done
`;

/** Sees to it that processes do not outlive this one, where no namespace does it. */
export class OrphanGuard {
  readonly #shell: ChildProcess;

  /** @param mark Text in the environment variables of the processes, and of no others. */
  constructor(mark: string) {
    this.#shell = spawn('sh', ['-c', GUARD, 'async-http-emulator-guard', mark], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#shell.on('error', () => {});
    this.#shell.stdin?.on('error', () => {});
    this.#shell.unref();
  }

  watch(group: number): void {
    this.#shell.stdin?.write(`+${group}\n`);
  }

  /** The group is gone; its number may soon be somebody else's. */
  release(group: number): void {
    this.#shell.stdin?.write(`-${group}\n`);
  }

  close(): void {
    this.#shell.stdin?.end();
  }
}
