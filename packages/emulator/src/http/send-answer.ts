import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { HttpAnswer } from './http-answer.ts';

/** Resolves when the answer is sent, or the client is gone. */
export async function sendAnswer(
  response: ServerResponse,
  { statusCode, headers, body, rest }: HttpAnswer,
): Promise<void> {
  if (response.destroyed) {
    rest?.destroy();
    return;
  }
  const sent = new Promise((resolve) => response.once('close', resolve));
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.writeHead(statusCode);
  if (rest) {
    // The client sees the head before there is a body.
    response.flushHeaders();
    response.write(body);
    await pipeline(rest, response).catch(() => undefined);
  } else {
    response.end(body);
  }
  await sent;
}
