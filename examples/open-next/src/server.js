import { ReadableStream } from 'node:stream/web';
import { track } from './track.js';

/** In the place of the built Next.js server, which passes `waitUntil` on to `after()`. */
export async function server(event, { waitUntil }) {
  waitUntil(track(event.rawPath));
  return {
    type: 'core',
    statusCode: 200,
    headers: { 'content-type': 'text/plain' },
    isBase64Encoded: false,
    body: new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('ok'));
        controller.close();
      },
    }),
  };
}
