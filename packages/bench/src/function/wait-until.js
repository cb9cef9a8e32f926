// The same reply as in plain.js, with a promise to wait for that has settled already, or without.
import { waitUntil } from '@async-http/client';

export async function handler({ usesWaitUntil }) {
  if (usesWaitUntil) waitUntil(Promise.resolve());
  return { statusCode: 200, body: 'ok' };
}
