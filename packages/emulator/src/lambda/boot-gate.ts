import { availableParallelism } from 'node:os';

/**
 * Environments that may initialise at the same time in this process. More would only slow each
 * other down until they miss the INIT limit, which on Lambda each meets on its own machine.
 */
const SLOTS = Math.max(2, availableParallelism());

let free = SLOTS;
/** What waits for a slot, by owner; the owner whose turn is next comes first. */
const queues = new Map<object, (() => void)[]>();

/** Runs the work when a slot is free: owners take turns, so that none waits behind another's burst. */
export async function boot<T>(owner: object, work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => enqueue(owner, resolve));
  try {
    return await work();
  } finally {
    const next = dequeue();
    if (next) next();
    else free++;
  }
}

function enqueue(owner: object, run: () => void): void {
  const queue = queues.get(owner);
  if (queue) queue.push(run);
  else queues.set(owner, [run]);
}

function dequeue(): (() => void) | undefined {
  const [owner, queue] = queues.entries().next().value ?? [];
  if (!owner || !queue) return undefined;
  const run = queue.shift();
  queues.delete(owner);
  if (queue.length > 0) queues.set(owner, queue);
  return run;
}
