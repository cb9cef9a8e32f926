import type { Connections } from './connections.ts';
import { ExtensionUnreachableError } from './errors.ts';
import { isHeaderValue } from './header-value.ts';
import { processState } from './process-state.ts';
import { HEADERS, PROTOCOL_VERSION } from './protocol.ts';
import { TimeLimit } from './time-limit.ts';

/** A message to the extension. Sending it twice must do no harm. */
export interface Message {
  readonly socketPath: string;
  readonly path: string;
  /** Values of printable ASCII. */
  readonly headers?: Readonly<Record<string, string | number>>;
  /** UTF-8 */
  readonly body?: string | Buffer;
  /** Default: those of hand-offs. */
  readonly connections?: Connections;
}

export interface Answer {
  readonly status: number;
  /** Version of the contract that the answer names, if any. */
  readonly version: string | undefined;
  readonly body: string;
}

/**
 * Posts the message and waits for the answer, at most `limitMs` (and {@link TimeLimit}'s grace after a
 * freeze). A connection that breaks before it has answered is replaced once by a fresh one.
 *
 * @throws {ExtensionUnreachableError}
 */
export async function post(message: Message, limitMs: number): Promise<Answer> {
  const { socketPath, body = '', connections = processState().connections } = message;
  const request = { head: headOf(message, Buffer.byteLength(body)), body };
  const limit = new TimeLimit(limitMs);
  let reason: ExtensionUnreachableError['reason'] = 'not-listening';
  try {
    const answer = await connections.exchange(socketPath, request, limit).catch((error) => {
      if (limit.hasPassed || isConnectFailure(error)) throw error;
      reason = 'connection-lost'; // From here on, the message may have arrived.
      connections.closeIdle();
      return connections.exchange(socketPath, request, limit);
    });
    return {
      status: answer.status,
      version: answer.headers.get(HEADERS.version),
      body: answer.body,
    };
  } catch (cause) {
    if (limit.hasPassed) reason = 'no-answer';
    throw new ExtensionUnreachableError({ reason, socketPath, limitMs, cause });
  } finally {
    limit.clear();
  }
}

function headOf({ path, headers = {} }: Message, bodyBytes: number): string {
  let head = `POST ${path} HTTP/1.1\r\nhost: extension\r\n${HEADERS.version}: ${PROTOCOL_VERSION}\r\ncontent-length: ${bodyBytes}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    // A line break would begin another header.
    if (!isHeaderValue(String(value))) throw new TypeError(`${name} cannot be ${value}`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}

/** Nothing listens there (or the path is not for us), so a second try would fare no better. */
function isConnectFailure(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.syscall === 'connect';
}
