import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../output/log.ts';

export interface TelemetryListener {
  /** Where Lambda is to post, as the Telemetry API wants it written. */
  readonly uri: string;
  close(): void;
}

/**
 * Listens for the Telemetry API and reports each `platform.runtimeDone`: the function has posted
 * its response and asked for the next event. It comes at least 25 ms late, possibly after the next
 * INVOKE, possibly never; so match by request id and race it against a timer.
 *
 * @see Telemetry API reference, "Destination"; Telemetry API event schema, "platform.runtimeDone"
 */
export async function listenForRuntimeDone(
  onRuntimeDone: (requestId: string, atMs: number) => void,
  log: Log,
): Promise<TelemetryListener> {
  // Loaded only where it is needed, because it delays the first job.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', (error) => log.debug('telemetry batch lost', { error: error.message }));
    request.on('end', () => {
      response.end();
      try {
        for (const { requestId, atMs } of runtimeDoneIn(Buffer.concat(chunks).toString())) {
          onRuntimeDone(requestId, atMs);
        }
      } catch (error) {
        // The deadline timer still ends the hold; a line per batch would be noise.
        log.warn('telemetry batch not understood; a hold may last until the deadline', {
          error: String(error),
        });
      }
    });
  });
  server.keepAliveTimeout = 0;

  // Lambda names the address that it delivers to; elsewhere the loopback address is all there is.
  await listen(server, 'sandbox.localdomain').catch(() => listen(server, '127.0.0.1'));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    uri: `http://sandbox.localdomain:${port}/`,
    close: () => server.close(),
  };
}

function listen(server: Server, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

interface TelemetryEvent {
  /** ISO 8601 */
  readonly time?: string;
  readonly type: string;
  readonly record?: { readonly requestId?: string };
}

function* runtimeDoneIn(batch: string): Generator<{ requestId: string; atMs: number }> {
  const events: TelemetryEvent[] = JSON.parse(batch);
  for (const { time = '', type, record } of events) {
    if (type !== 'platform.runtimeDone' || !record?.requestId) continue;
    yield { requestId: record.requestId, atMs: Date.parse(time) || Date.now() };
  }
}
