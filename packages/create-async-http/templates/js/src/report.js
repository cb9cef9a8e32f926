import { setTimeout } from 'node:timers/promises';
import { sendArgs } from '@async-http/client';

/** Replies at once, after it has handed the event off. */
export const handler = async (event, context) => {
  const { jobId } = await sendArgs(event, context);
  return {
    statusCode: 202,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jobId }),
  };
};

/** Runs after the reply, because ASYNC_HANDLER names it. */
export const background = async (event, context) => {
  console.log(`report for ${event.rawPath}: started`);
  await setTimeout(1_000, undefined, { signal: context.signal }); // In place of your work.
  console.log(`report for ${event.rawPath}: finished`);
};
