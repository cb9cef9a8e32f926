import { type Random, seededRandom } from './random.ts';

/** The launcher is the extension before its first job. */
export type Victim = 'handler process' | 'launcher' | 'extension' | 'runtime';
const VICTIMS: readonly Victim[] = ['handler process', 'launcher', 'extension', 'runtime'];

/** A launcher is there from the start of an environment until a while after its first job. */
const LAUNCHER_LIVES_MS = 400;

export interface PlannedJob {
  readonly name: string;
  /** How long its work takes. */
  readonly workMs: number;
  /** Its first attempts fail. */
  readonly failures: number;
}

/** One request, and what happens while it and its jobs run. */
export interface PlannedRequest {
  readonly jobs: readonly PlannedJob[];
  /** In a new environment: the one before is shut down. */
  readonly startsAnew: boolean;
  readonly kill: { readonly victim: Victim; readonly afterMs: number } | undefined;
}

/** The whole run, which is the same for the same seed. What comes of it depends on the machine's timing. */
export function planRun({ jobs, seed }: { jobs: number; seed: number }): PlannedRequest[] {
  const random = seededRandom(seed);
  const requests: PlannedRequest[] = [];
  for (let planned = 0; planned < jobs; ) {
    const size = Math.min(1 + random.below(8), jobs - planned);
    const first = planned;
    const victim = random.chance(0.3) ? VICTIMS[random.below(VICTIMS.length)] : undefined;
    requests.push({
      jobs: Array.from({ length: size }, (_, n) => planJob(`job ${first + n}`, random)),
      startsAnew: victim === 'launcher' || random.chance(0.02),
      kill: victim && {
        victim,
        afterMs: random.below(victim === 'launcher' ? LAUNCHER_LIVES_MS : 60),
      },
    });
    planned += size;
  }
  return requests;
}

function planJob(name: string, random: Random): PlannedJob {
  return {
    name,
    workMs: random.below(40),
    // One in 20 fails too often, and belongs to the failure destination.
    failures: random.chance(0.1) ? random.below(2) + 1 : random.chance(0.05) ? 3 : 0,
  };
}
