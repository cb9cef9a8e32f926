import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly status: 'complete'; readonly content: Buffer }
  | { readonly status: 'too large'; readonly content: Buffer }
  | { readonly status: 'truncated'; readonly content: Buffer };

/**
 * Reads a body to its end, and calls `onChunk` with each part within the limit. What exceeds the limit is read and
 * dropped: the sender gets its answer after having sent everything, as HTTP clients expect.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  onChunk?: (chunk: Buffer) => void,
): Promise<Body> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) continue;
      chunks.push(chunk);
      onChunk?.(chunk);
    }
  } catch {
    return { status: 'truncated', content: Buffer.concat(chunks) };
  }
  return { status: length > limit ? 'too large' : 'complete', content: Buffer.concat(chunks) };
}
