import { setTimeout as sleep } from 'node:timers/promises';

/** Background work of 2 seconds: the letter is written, then sent. */
export async function handler(_event, { signal }) {
  console.log('newsletter: writing');
  await sleep(1_000, undefined, { signal });
  console.log('newsletter: sending');
  await sleep(1_000, undefined, { signal });
  console.log('newsletter: sent');
}
