import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname } from 'node:path';

/** Opens the Unix socket, so that it exists before Lambda starts the function; `receive()` answers there. */
export function openSocket(path: string): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true }); // Of the extension before an environment reset, which keeps /tmp.
  const server = createServer({
    // A frozen environment must not lose its connections: closing one says that the function died.
    keepAliveTimeout: 0,
    // For clients that connect and say nothing. The body of a lease takes as long as its promise.
    headersTimeout: 5_000,
    requestTimeout: 0,
    connectionsCheckingInterval: 1_000,
  });
  server.maxConnections = 256;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}
