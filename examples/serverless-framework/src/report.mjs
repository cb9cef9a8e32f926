import { setTimeout as sleep } from 'node:timers/promises';

const PAGES = 9;

/**
 * Background work of 45 seconds, 5 for each page. The caller has had the answer for long.
 *
 * `context.signal` fires when the time of the function runs out, so that the work can stop in good
 * order instead of being cut off.
 */
export async function handler(event, { signal }) {
  console.log(`report: started for ${event.rawPath}`);
  for (let page = 1; page <= PAGES; page++) {
    try {
      await sleep(5_000, undefined, { signal });
    } catch (error) {
      console.warn(`report: stopped before page ${page} of ${PAGES}`);
      throw error; // So that the job counts as failed.
    }
    console.log(`report: page ${page} of ${PAGES} is written`);
  }
  console.log('report: finished');
}
