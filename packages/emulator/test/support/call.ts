import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface CallOptions {
  readonly headers?: Record<string, string>;
  /** Anything but a string or buffer is sent as JSON. */
  readonly body?: unknown;
}

export interface CallResult {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON; throws when it is not. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form.
  readonly json: any;
}

/** One HTTP call without a timeout, on its own connection. */
export function call(
  address: string,
  method: string,
  path: string,
  { headers, body }: CallOptions = {},
): Promise<CallResult> {
  const [host, port] = address.split(':');
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          get json() {
            return JSON.parse(text);
          },
        });
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
}
