import type { ServerResponse } from 'node:http';
import type { Recorder } from '../recording/recorder.ts';
import type { RecordedEntry } from '../recording/recording.ts';

/** Entries that are sent at once; more would only wait for the connection. */
const BATCH = 500;
/** What is between this server and the page may close a connection on which nothing comes. */
const HEARTBEAT_MS = 20_000;

/**
 * Sends every entry after `after` to a browser as server-sent events, those that are kept first, until it goes away. It
 * reads from the recorder at the pace of the connection, so a slow one holds nothing in memory.
 *
 * @param hello sent first
 */
export function streamEvents(
  response: ServerResponse,
  recorder: Recorder,
  { after, hello }: { after: number; hello: unknown },
): void {
  let next = after + 1;
  let isWaiting = false;
  let isScheduled = false;

  const send = () => {
    isScheduled = false;
    while (!isWaiting) {
      const entries = recorder.entriesFrom(next, BATCH);
      const last = entries.at(-1);
      if (!last) return;
      next = last.seq + 1;
      isWaiting = !response.write(entries.map(toMessage).join(''));
    }
  };
  // What happens at once goes out together.
  const schedule = () => {
    if (isWaiting || isScheduled) return;
    isScheduled = true;
    setImmediate(send);
  };

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
  response.on('drain', () => {
    isWaiting = false;
    send();
  });
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  const stop = recorder.listen(schedule);
  response.on('close', () => {
    clearInterval(heartbeat);
    stop();
    isWaiting = true;
  });
  send();
}

const toMessage = (entry: RecordedEntry): string =>
  `id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`;
