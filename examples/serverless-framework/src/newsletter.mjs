import { setTimeout as sleep } from 'node:timers/promises';

/** Background work of 2 seconds: the letter is written, then sent. */
export async function handler(_event, { jobId, signal }) {
  console.log(`newsletter ${jobId}: writing`);
  await sleep(1_000, undefined, { signal });
  console.log(`newsletter ${jobId}: sending`);
  await sleep(1_000, undefined, { signal });
  console.log(`newsletter ${jobId}: sent`);
}
