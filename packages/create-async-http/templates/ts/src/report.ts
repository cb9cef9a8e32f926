import { setTimeout } from 'node:timers/promises';
import { type AsyncHandler, sendArgs } from '@async-http/client';
import type { APIGatewayProxyEventV2, APIGatewayProxyHandlerV2 } from 'aws-lambda';

/** Replies at once, after it has handed the event off. */
export const handler: APIGatewayProxyHandlerV2 = async (event, context) => {
  const { jobId } = await sendArgs(event, context);
  return {
    statusCode: 202,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jobId }),
  };
};

/** Runs after the reply, because ASYNC_HANDLER names it. */
export const background: AsyncHandler<APIGatewayProxyEventV2> = async (event, context) => {
  console.log(`report for ${event.rawPath}: started`);
  await setTimeout(1_000, undefined, { signal: context.signal }); // In place of your work.
  console.log(`report for ${event.rawPath}: finished`);
};
