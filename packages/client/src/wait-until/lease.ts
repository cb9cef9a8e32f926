import { type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http';
import { processState } from '../process-state.ts';
import { HEADERS, LEASES_PATH, PROTOCOL_VERSION } from '../protocol.ts';
import type { CurrentRequest } from './current-request.ts';

export interface LeaseEvents {
  /** The environment is held. `deadlineMs` is the invocation's, if the extension names it. */
  held(deadlineMs: number | undefined): void;
  /** The lease is over, though we have not ended it; it may never have begun. */
  lost(loss: Loss): void;
}

export type Loss =
  /** Nothing listens on the socket. */
  | { readonly why: 'not-listening' }
  /** The extension ended it: its time is up, or the environment is ending. */
  | { readonly why: 'ended' }
  | { readonly why: 'refused' | 'broken'; readonly detail: string };

/**
 * Asks the extension to hold the environment: one request whose body stays open for as long as the lease.
 * It keeps no process alive.
 *
 * @returns ends the lease; the connection then serves the next request.
 */
export function openLease(
  socketPath: string,
  { requestId, deadlineMs }: CurrentRequest,
  events: LeaseEvents,
): () => void {
  let isOver = false;
  let request = send(true);

  function send(mayRepeat: boolean): ClientRequest {
    const message = startRequest({
      agent: processState().agent,
      socketPath,
      path: LEASES_PATH,
      method: 'POST',
      headers: {
        [HEADERS.version]: PROTOCOL_VERSION,
        ...(requestId !== undefined && { [HEADERS.requestId]: requestId }),
        ...(deadlineMs !== undefined && { [HEADERS.deadlineMs]: deadlineMs }),
      },
    });
    message.on('socket', (socket) => socket.unref());
    message.on('response', read);
    message.on('error', (error: NodeJS.ErrnoException) => {
      if (isOver) return;
      // A kept connection that died while nobody looked; nothing has been held yet.
      if (mayRepeat && message.reusedSocket) request = send(false);
      else if (error.syscall === 'connect') lose({ why: 'not-listening' });
      else lose({ why: 'broken', detail: error.message });
    });
    message.flushHeaders();
    return message;
  }

  function read(response: IncomingMessage): void {
    const { statusCode, headers } = response;
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (text += chunk));
    response.on('error', (error) => lose({ why: 'broken', detail: error.message }));
    response.on('end', () => {
      if (statusCode === 200) lose({ why: 'ended' });
      else lose({ why: 'refused', detail: readRefusal(text) ?? `status ${statusCode}` });
    });
    if (statusCode !== 200 || isOver) return;
    const named = Number(headers[HEADERS.deadlineMs]);
    events.held(named > 0 ? named : undefined);
  }

  function lose(loss: Loss): void {
    if (isOver) return;
    isOver = true;
    request.end(); // So that the connection can be used again.
    events.lost(loss);
  }

  return () => {
    if (isOver) return;
    isOver = true;
    request.end();
  };
}

function readRefusal(text: string): string | undefined {
  try {
    const { code, message } = JSON.parse(text);
    return `${code}: ${message}`;
  } catch {
    return undefined;
  }
}
