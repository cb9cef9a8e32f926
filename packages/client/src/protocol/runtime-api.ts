import { connect } from 'node:net';
import { type HttpAnswer, readAnswer } from './http-answer.ts';

/** Where Lambda's Runtime, Extensions and Telemetry API listens. */
export interface RuntimeApi {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
}

/** @param address value of `AWS_LAMBDA_RUNTIME_API`, `host:port` */
export function readRuntimeApi(address: string): RuntimeApi {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon);
  return {
    host: host === 'localhost' ? '127.0.0.1' : host,
    port: Number(address.slice(colon + 1)),
  };
}

export interface RuntimeApiCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

/** The bytes of a call, as text. */
export function formatCall(
  { host, port }: RuntimeApi,
  { method, path, headers, body }: RuntimeApiCall,
): string {
  const content = body ? JSON.stringify(body) : '';
  const lines = Object.entries({
    Host: `${host}:${port}`,
    ...headers,
    ...(body && {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(content)),
    }),
    // A connection for each call: a kept one can die while the environment is frozen, and a `next` that was sent
    // twice is refused.
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${content}`;
}

/**
 * Calls Lambda, and waits without a timeout: Lambda may freeze the environment before it answers `next`, so hours can
 * pass in here. It writes to the socket itself, because `node:http` takes longer to load and to call.
 *
 * @throws when the connection cannot be made or breaks; what Lambda refuses is an answer as well
 */
export function callRuntimeApi(
  api: RuntimeApi,
  call: RuntimeApiCall,
  {
    keepsAlive = true,
  }: { /** Whether the process stays for the answer. */ keepsAlive?: boolean } = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(api);
    if (!keepsAlive) socket.unref();
    let received = Buffer.alloc(0);

    const read = (isComplete: boolean) => {
      const answer = readAnswer(received, isComplete);
      if (!answer) return;
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      read(false);
    });
    socket.on('end', () => read(true));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('Lambda closed the connection')));
    socket.write(formatCall(api, call));
  });
}
