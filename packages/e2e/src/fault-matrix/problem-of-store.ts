import type { Outcome } from './matrix.ts';

type Item = Readonly<Record<string, string | number | undefined>>;

/** Of clocks, which the key of a job that may run is kept longer for. */
const CLOCKS_DIFFER_MS = 5_000;

/**
 * What is wrong with what the store knows of the job, as a sentence: its key is stuck, or free while the job counts, or
 * its state is not what became of it.
 */
export function problemOfStore(
  items: readonly Item[],
  {
    outcome,
    isDone,
    isWritten,
    latestMs,
  }: {
    outcome: Outcome;
    /** Whether the work was done, as far as the job knows. */
    isDone: boolean;
    /** Whether nothing has kept the state from being written. */
    isWritten: boolean;
    /** When the last request that may run the job is over. */
    latestMs: number;
  },
): string | undefined {
  const find = (prefix: string) => items.find(({ id }) => String(id).startsWith(prefix));
  const key = find('key#');
  const state = items.find(({ id }) => key !== undefined && id === `job#${key.jobId}`);
  const hasSucceeded = outcome.startsWith('succeeds');
  const hasFailed = outcome === 'failure destination';
  if (hasSucceeded && !key) return 'The job has succeeded, and its key is free.';
  if (key && key.openUntil === undefined && !isDone)
    return 'The key of a job that was not done is kept.';
  if (key?.openUntil !== undefined && Number(key.openUntil) > latestMs + CLOCKS_DIFFER_MS) {
    return `The key is kept for ${Number(key.openUntil) - Date.now()} ms.`;
  }
  if (!isWritten) return undefined;
  if (hasFailed && key) return 'The job has failed, and its key is kept.';
  if (hasSucceeded && key?.openUntil !== undefined)
    return 'The key of a job that is done is kept for a while only.';
  if (hasSucceeded && state?.status !== 'succeeded')
    return `The state of the job is ${state?.status}.`;
  return undefined;
}
