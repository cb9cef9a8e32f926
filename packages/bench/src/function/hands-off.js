// Hands an event of that many bytes off, or nothing.
import { sendArgs } from '@async-http/client';
import { apiGatewayEvent } from './api-gateway-event.js';

export async function handler({ bytes }, context) {
  if (bytes) await sendArgs(apiGatewayEvent(bytes), context);
  return { statusCode: 200, body: 'ok' };
}
