import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+GROUP` and `-GROUP` lines and, when its stdin ends (because we are gone, however that
 * happened), kills the process groups that are still on its list.
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
`;

/** Sees to it that process groups do not outlive this process, where no namespace does it. */
export class OrphanGuard {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn('sh', ['-c', GUARD], {
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
