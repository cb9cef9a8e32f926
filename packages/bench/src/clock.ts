import { setTimeout } from 'node:timers/promises';

/** Milliseconds, with fractions, on a clock that all processes of this machine share (monotonic). */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** How long `work` takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = now();
  await work();
  return now() - startedAt;
}

/** Lets what an earlier sample has left behind finish, so that every sample starts on an idle stand. */
export function settle(): Promise<void> {
  return setTimeout(2);
}
