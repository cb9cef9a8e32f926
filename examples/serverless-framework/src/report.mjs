import { setTimeout as sleep } from 'node:timers/promises';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
];

/**
 * Background work of 45 seconds, 5 for each month. The caller has had the answer for long.
 *
 * `context.signal` fires when the time of the function runs out, so that the work can stop in good
 * order instead of being cut off.
 */
export async function handler(event, { jobId, signal }) {
  console.log(`report ${jobId}: started for ${event.rawPath}`);
  for (const [done, month] of MONTHS.entries()) {
    try {
      await sleep(5_000, undefined, { signal });
    } catch (error) {
      console.warn(`report ${jobId}: stopped after ${done} of ${MONTHS.length} months`);
      throw error; // The job has failed, and the log of the layer says so too.
    }
    console.log(`report ${jobId}: ${month} is done (${done + 1} of ${MONTHS.length})`);
  }
  console.log(`report ${jobId}: finished`);
}
