import { setTimeout } from 'node:timers/promises';
import { sendArgs } from '@async-http/client'; // From the layer; the installed one is for your editor.

/** Replies at once. */
export const handler = async (event, context) => {
  const { jobId } = await sendArgs({ mood: event.queryStringParameters?.mood }, context);
  return { statusCode: 202, body: jobId };
};

/** Runs after the reply, because ASYNC_HANDLER names it. */
export const background = async ({ mood }, { jobId, signal }) => {
  console.log(`report ${jobId}: started`);
  await setTimeout(1_000, undefined, { signal }); // In place of your work.
  if (mood === 'bad') throw new Error('no luck');
  console.log(`report ${jobId}: finished`);
};
