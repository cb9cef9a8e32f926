import { availableParallelism } from 'node:os';

/**
 * Environments that may initialise at the same time in this process. More would only slow each
 * other down until they miss the INIT limit, which on Lambda each meets on a machine of its own.
 */
const SLOTS = Math.max(2, availableParallelism());

let free = SLOTS;
const waiting: (() => void)[] = [];

/** Runs the work when a slot is free, in the order of the calls. */
export async function boot<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}
