import type { IncomingMessage } from 'node:http';
import { ForbiddenError } from './errors.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Lets through what comes from the page itself. Another page in the same browser sends its own `Origin`; one whose name
 * has been made to lead to this machine sends that name as `Host`.
 *
 * @throws {ForbiddenError}
 */
export function checkOrigin({ headers, socket }: IncomingMessage): void {
  const { host = '', origin } = headers;
  if (!LOOPBACK.some((name) => host === `${name}:${socket.localPort}`)) {
    throw new ForbiddenError(`The request was sent to the host "${host}"`);
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new ForbiddenError(`The request comes from ${origin}`);
  }
}
