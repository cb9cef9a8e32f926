import '@async-http/client/register'; // Not needed where the layer is.
import { waitUntil } from '@async-http/client';
import { track } from './track.js';

export const handler = async (event) => {
  waitUntil(track(event.rawPath));
  return { statusCode: 200, body: 'ok' };
};
