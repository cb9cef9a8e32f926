import type { Socket } from 'node:net';

/**
 * The file descriptor of a socket, also before it counts as connected. Node.js has no public name for it; where
 * this one is missing, callers do without.
 */
export function descriptorOf(socket: Socket): number | undefined {
  const { _handle } = socket as Socket & { _handle?: { fd?: number } };
  return _handle?.fd !== undefined && _handle.fd >= 0 ? _handle.fd : undefined;
}
