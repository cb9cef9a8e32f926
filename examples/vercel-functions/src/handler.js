import '@async-http/client/register'; // Not needed where the layer is.
import '@async-http/client/globals';
import { waitUntil } from '@vercel/functions'; // On plain Lambda it does nothing, in silence.
import { track } from './track.js';

export const handler = async (event) => {
  waitUntil(track(event.rawPath));
  return { statusCode: 200, body: 'ok' };
};
