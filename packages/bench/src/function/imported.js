// A function that could hand off, and does not this time.
import { sendArgs } from '@async-http/client';

export async function handler({ order }, context) {
  if (order) await sendArgs({ order }, context);
  return { statusCode: 200, body: 'ok' };
}
