import type { Attempt, AttemptResult } from '../handler-process/handler-process.ts';
import { cutText } from '../records/cut-text.ts';

/** An attempt that has ended. */
interface Ended {
  /** Of the background handler. */
  readonly name: string;
  readonly attempt: Pick<Attempt, 'jobId' | 'attempt' | 'traceId'>;
  readonly result: AttemptResult;
  /** Wall-clock ms since the epoch. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** What X-Ray allows in the name of a segment, and how many of it. */
const NOT_OF_A_NAME = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\-@]/gu;
const LONGEST_NAME = 200;

/** The daemon takes datagrams of up to 64 kB. */
const MAX_MESSAGE_BYTES = 8 * 1024;

const HEADER = '{"format":"json","version":1}\n';
const ADDRESS = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i;

/**
 * What X-Ray shows of one attempt: a subsegment below the function's own segment.
 *
 * @returns undefined when X-Ray does not sample this trace
 * @see X-Ray, "Segment documents", "Tracing header"
 */
export function formatSubsegment(ended: Ended): string | undefined {
  const { name, attempt, result, startedAtMs, endedAtMs } = ended;
  const { Root, Parent, Sampled } = parseHeader(attempt.traceId ?? '');
  if (Root === undefined || Parent === undefined || Sampled !== '1') return undefined;
  return JSON.stringify({
    type: 'subsegment',
    name: name.replace(NOT_OF_A_NAME, '').slice(0, LONGEST_NAME),
    id: newId(),
    trace_id: Root,
    parent_id: Parent,
    start_time: startedAtMs / 1_000,
    end_time: endedAtMs / 1_000,
    annotations: { jobId: attempt.jobId, attempt: attempt.attempt },
    ...(result.status === 'failed' && {
      fault: true,
      cause: {
        exceptions: [
          {
            id: newId(),
            type: result.errorType,
            message: cutText(result.errorMessage, MAX_MESSAGE_BYTES),
          },
        ],
      },
    }),
  });
}

/** Sends a document to the daemon of X-Ray. It is not awaited, and its failure has no effect. */
export function sendToXRay(document: string, address: string): void {
  const [, v6, host = v6, port] = ADDRESS.exec(address) ?? [];
  if (host === undefined) return;
  try {
    // Loaded only where it is needed.
    const { createSocket } = process.getBuiltinModule('node:dgram');
    const socket = createSocket(v6 === undefined ? 'udp4' : 'udp6');
    socket.unref();
    socket.on('error', () => {});
    socket.send(HEADER + document, Number(port), host, () => socket.close());
  } catch {
    // No socket, or not a port.
  }
}

function parseHeader(header: string): Record<string, string | undefined> {
  return Object.fromEntries(header.split(';').map((pair) => pair.trim().split('=', 2)));
}

/** 16 hexadecimal digits. Not from `node:crypto`, which takes longer to load than the rest of this. */
function newId(): string {
  const half = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return half() + half();
}
