/** An answer of the extension or of Lambda's own API, which is short. */
export interface HttpAnswer {
  readonly status: number;
  /** Values by name, in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/**
 * Reads an HTTP/1.1 answer from the bytes that have arrived. By hand, because `node:http` takes 3 ms of INIT
 * for its first request, and cannot wait without the event loop.
 *
 * @param isComplete whether the other side has closed the connection
 * @returns `undefined` when more has to come
 */
export function readAnswer(bytes: Buffer, isComplete: boolean): HttpAnswer | undefined {
  const text = bytes.toString('latin1'); // One character a byte.
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const status = Number(statusLine.split(' ')[1]);
  const body = status === 204 ? '' : readBody(text.slice(headEnd + 4), headers, isComplete);
  if (body === undefined) return undefined;
  return {
    status,
    headers,
    body: Buffer.from(body, 'latin1').toString(),
  };
}

function readBody(
  text: string,
  headers: ReadonlyMap<string, string>,
  isComplete: boolean,
): string | undefined {
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return joinChunks(text);
  const length = headers.get('content-length');
  if (length === undefined) return isComplete ? text : undefined;
  return text.length >= Number(length) ? text.slice(0, Number(length)) : undefined;
}

function joinChunks(text: string): string | undefined {
  let body = '';
  let at = 0;
  while (true) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (size === 0) return body;
    const chunkEnd = lineEnd + 2 + size;
    if (text.length < chunkEnd + 2) return undefined;
    body += text.slice(lineEnd + 2, chunkEnd);
    at = chunkEnd + 2;
  }
}
