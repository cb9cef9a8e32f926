import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TelemetryEvent {
  readonly time: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into records of every form.
  readonly record: any;
}

export interface TelemetryListener {
  readonly port: number;
  /** Every request so far. */
  readonly batches: { path: string; headers: IncomingHttpHeaders; events: TelemetryEvent[] }[];
  readonly events: TelemetryEvent[];
  /** Resolves with the first event, past or future, of this type that the condition holds for. */
  event(type: string, condition?: (event: TelemetryEvent) => boolean): Promise<TelemetryEvent>;
}

/** Listens as an extension would; the test process is never frozen. Answers with the next of `statuses`, then 200. */
export async function listenForTelemetry(statuses: number[] = []): Promise<TelemetryListener> {
  const batches: TelemetryListener['batches'] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const status = statuses.shift() ?? 200;
      response.writeHead(status).end();
      if (status !== 200) return;
      const events = JSON.parse(Buffer.concat(chunks).toString());
      batches.push({ path: request.url ?? '', headers: request.headers, events });
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const events = () => batches.flatMap((batch) => batch.events);
  return {
    port: (server.address() as AddressInfo).port,
    batches,
    get events() {
      return events();
    },
    event(type, condition = () => true) {
      const find = () => events().find((event) => event.type === type && condition(event));
      return waitUntil(find, waiting, () => `no ${type} in ${JSON.stringify(events(), null, 1)}`);
    },
  };
}

/** The same for the protocol TCP; resolves with the first line. */
export async function listenForLines(): Promise<{ port: number; first: Promise<string> }> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createTcpServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, first: promise };
}

function waitUntil<T>(
  find: () => T | undefined,
  waiting: Set<() => void>,
  describe: () => string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(look);
      reject(new Error(describe()));
    }, 20_000);
    const look = () => {
      const found = find();
      if (found === undefined) return;
      clearTimeout(timer);
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
    look();
  });
}
