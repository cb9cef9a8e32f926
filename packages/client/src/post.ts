import { type Agent, type OutgoingHttpHeaders, request as startRequest } from 'node:http';
import { ExtensionUnreachableError } from './errors.ts';
import { processState } from './process-state.ts';
import { HEADERS, PROTOCOL_VERSION } from './protocol.ts';
import { TimeLimit } from './time-limit.ts';

/** A message to the extension. Sending it twice must do no harm. */
export interface Message {
  readonly socketPath: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** UTF-8 */
  readonly body?: string | Buffer;
  /** Its connections. Default: those of hand-offs. */
  readonly agent?: Agent;
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
  const { socketPath } = message;
  const limit = new TimeLimit(limitMs);
  let reason: ExtensionUnreachableError['reason'] = 'not-listening';
  try {
    return await exchange(message, limit).catch((error) => {
      if (limit.hasPassed || isConnectFailure(error)) throw error;
      reason = 'connection-lost'; // From here on, the message may have arrived.
      closeIdleConnections(message.agent);
      return exchange(message, limit);
    });
  } catch (cause) {
    if (limit.hasPassed) reason = 'no-answer';
    throw new ExtensionUnreachableError({ reason, socketPath, limitMs, cause });
  } finally {
    limit.clear();
  }
}

function exchange(message: Message, limit: TimeLimit): Promise<Answer> {
  const { socketPath, path, body = '', agent = processState().agent } = message;
  const headers = {
    ...message.headers,
    [HEADERS.version]: PROTOCOL_VERSION,
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const request = startRequest(
      { agent, socketPath, path, method: 'POST', headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            version: response.headers[HEADERS.version] as string | undefined,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
    limit.onPass = () => {
      const error = new Error('no answer in time');
      reject(error); // By itself: a request that still waits for a connection reports nothing when destroyed.
      request.destroy(error);
    };
  });
}

/** When one connection is dead, the idle ones are too, but a fresh attempt might be given one of them. */
function closeIdleConnections(agent = processState().agent): void {
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
}

/** Nothing listens there (or the path is not for us), so a second try would fare no better. */
function isConnectFailure(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.syscall === 'connect';
}
