import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { PageEntry, PageEvent } from '../../page/state/page-event.ts';
import type { Payloads, Recording } from '../../src/recording/recording.ts';
import { FUNCTIONS } from './script.ts';

const TOKEN = 'a-token';

export interface PageServerOptions {
  readonly page: string;
  readonly entries?: readonly PageEntry[];
  readonly payloads?: Readonly<Record<string, Payloads>>;
  readonly startedAt?: number;
}

/** The HTTP side of a live page, with events that a test scripts. */
export interface PageServer {
  readonly url: string;
  /** What was posted to `/actions`. */
  readonly actions: Record<string, unknown>[];
  /** Answers the next action with an error. */
  refuseNext(message: string): void;
  push(event: PageEvent): void;
  /** Cuts every connection, and answers none until it is up again. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const { page, payloads = {}, startedAt = Date.now() } = options;
  const entries = [...(options.entries ?? [])];
  const actions: Record<string, unknown>[] = [];
  const followers = new Set<ServerResponse>();
  let refusal: string | undefined;
  const facts = { startedAt, url: 'http://127.0.0.1:3000', functions: FUNCTIONS, forgotten: 0 };

  const routes: Record<
    string,
    (request: IncomingMessage, response: ServerResponse, rest: string) => unknown
  > = {
    '': (_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      const live = JSON.stringify({ token: TOKEN });
      response.end(page.replace('id="live">', () => `id="live">${live}`));
    },
    events: (request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const after = Number(request.headers['last-event-id'] ?? searchParams.get('after') ?? -1);
      response.setHeader('content-type', 'text/event-stream');
      response.write(`event: hello\ndata: ${JSON.stringify(facts)}\n\n`);
      response.write(
        entries
          .filter(({ seq }) => seq > after)
          .map(messageOf)
          .join(''),
      );
      followers.add(response);
      response.on('close', () => followers.delete(response));
    },
    payloads: (_, response, requestId) => {
      response.end(JSON.stringify(payloads[requestId] ?? {}));
    },
    'recording.html': (_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      const recording = { version: 1, ...facts, entries, payloads } as Recording;
      response.end(recordingPage(page, recording));
    },
    actions: async (request, response) => {
      const body = JSON.parse(await text(request)) as Record<string, unknown>;
      const isRefused = request.headers['x-token'] !== TOKEN || refusal !== undefined;
      response.end(JSON.stringify(isRefused ? { code: 'NO', message: refusal } : {}));
      if (!isRefused) actions.push(body);
      refusal = undefined;
    },
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [first = '', rest = ''] = pathname.slice(1).split('/');
    const route = routes[first];
    if (route) route(request, response, rest);
    else response.writeHead(404).end();
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const pageServer: PageServer = {
    url: `http://127.0.0.1:${port}/`,
    actions,
    refuseNext: (message) => {
      refusal = message;
    },
    push: (event) => {
      const entry = { seq: entries.length, event };
      entries.push(entry);
      for (const follower of followers) follower.write(messageOf(entry));
    },
    down: stop,
    up: () => listen(port),
    close: stop,
  };
  return pageServer;
}

export function recordingPage(page: string, recording: Recording): string {
  const json = JSON.stringify(recording).replaceAll('<', '\\u003c');
  return page.replace('id="recording">', () => `id="recording">${json}`);
}

const messageOf = (entry: PageEntry): string =>
  `id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`;

/** A server that ends with the test. */
export async function pageServer(options: PageServerOptions): Promise<PageServer> {
  const server = await startPageServer(options);
  onTestFinished(() => server.close());
  return server;
}
