import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import {
  type PageServer,
  type PageServerOptions,
  startPageServer,
} from '../../src/page-server/page-server.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { call } from '../support/call.ts';

export interface RunningPage {
  readonly server: PageServer;
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly recorder: Recorder;
  readonly token: string;
  /** Asks for an action as the page does. */
  act(action: object, headers?: Record<string, string>): Promise<{ status: number; json: unknown }>;
}

/** The page of a run, gone after the test. */
export async function startPage(options: Partial<PageServerOptions> = {}): Promise<RunningPage> {
  const recorder = options.recorder ?? new Recorder();
  const server = await startPageServer({
    port: 0,
    recorder,
    functions: () => new Map(),
    localAws: undefined,
    about: () => ({ url: 'http://127.0.0.1:3000', functions: [] }),
    secrets: () => [],
    ...options,
  });
  onTestFinished(() => server.close());
  const address = server.url.slice('http://'.length);
  const { text } = await call(address, 'GET', '/');
  const [, token = ''] = /"token":"([^"]+)"/.exec(text) ?? [];
  return {
    server,
    address,
    recorder,
    token,
    act: (action, headers) =>
      call(address, 'POST', '/actions', {
        headers: { 'x-token': token, ...headers },
        body: action,
      }),
  };
}

interface ServerSentEvent {
  readonly event?: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every form.
  readonly data: any;
}

export interface EventStream extends AsyncIterator<ServerSentEvent, void> {
  /** The next events. */
  take(count: number): Promise<ServerSentEvent[]>;
  close(): void;
}

/** Reads server-sent events, from when the server has answered. */
export async function openEvents(
  address: string,
  path = '/events',
  headers: Record<string, string> = {},
): Promise<EventStream> {
  const [host, port] = address.split(':');
  const outgoing = request({ host, port, path, headers, agent: false }).end();
  onTestFinished(() => void outgoing.destroy());
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  // A test that has what it wants closes it in the middle.
  response.on('error', () => {});
  const events = readEvents(response);
  return Object.assign(events, {
    async take(count: number) {
      const taken: ServerSentEvent[] = [];
      while (taken.length < count) {
        const { value } = await events.next();
        if (!value) throw new Error(`The stream ended after ${taken.length} events.`);
        taken.push(value);
      }
      return taken;
    },
    close: () => void outgoing.destroy(),
  });
}

async function* readEvents(response: IncomingMessage): AsyncGenerator<ServerSentEvent, void> {
  let fields: Record<string, string> = {};
  for await (const line of createInterface({ input: response })) {
    const [, name, value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (name) fields[name] = value;
    if (line !== '' || fields.data === undefined) continue;
    yield { ...fields, data: JSON.parse(fields.data) };
    fields = {};
  }
}
