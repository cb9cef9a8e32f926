import { setTimeout as sleep } from 'node:timers/promises';

const PAGES = 4;

/**
 * Background work of 2 seconds. It does not know where it runs: in the environment that answered, or in the
 * worker, with a message of the queue.
 */
export async function handler(event, { jobId, attempt, signal }) {
  console.log(`report ${jobId}: started for ${event.rawPath}, attempt ${attempt}`);
  for (let page = 1; page <= PAGES; page++) {
    await sleep(500, undefined, { signal });
    console.log(`report ${jobId}: page ${page} of ${PAGES} is written`);
  }
  console.log(`report ${jobId}: finished`);
}
