import { setTimeout as sleep } from 'node:timers/promises';

const STEPS = ['numbered', 'printed', 'sent'];

/** Background work of 6 seconds: an invoice for the order that was confirmed meanwhile. */
export async function handler(_event, { signal }) {
  console.log('invoice: started');
  for (const step of STEPS) {
    await sleep(2_000, undefined, { signal });
    console.log(`invoice: ${step}`);
  }
}
