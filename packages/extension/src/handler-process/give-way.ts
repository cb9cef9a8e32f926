import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** The kernel's largest: of all processes, this one is ended first. */
const FIRST_TO_GO = '1000';

/**
 * Puts a background process behind the function that it shares an environment with. It starts while
 * the reply is still under way, so the function gets most of the CPU as long as it wants any; and when
 * memory runs out, the kernel ends the job and neither the runtime nor the extension.
 *
 * Where the system does not allow it, everything works as before.
 */
export function giveWay(pid: number): void {
  attempt(() => setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL));
  attempt(() => writeFileSync(`/proc/${pid}/oom_score_adj`, FIRST_TO_GO));
}

function attempt(effect: () => void): void {
  try {
    effect();
  } catch {
    // Not allowed, not Linux, or the process has ended already.
  }
}
