import { setTimeout as sleep } from 'node:timers/promises';
// In CommonJS: const { sendArgs } = require('/opt/proxy');
import { sendArgs } from '/opt/proxy.js';

/**
 * Answers the request. `sendArgs` hands the event to the layer, which runs ASYNC_HANDLER with it;
 * it rejects when the job was not accepted, and then the caller gets an error and no false "confirmed".
 */
export async function handler(event, context) {
  const { jobId } = await sendArgs(event, context);
  console.log(`order: handed the invoice off as job ${jobId}`);

  await sleep(500); // What the answer needs: the price, the stock, the date of delivery.

  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ order: 'confirmed', invoice: jobId }),
  };
}
