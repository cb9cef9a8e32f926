/** Thrown when another program listens on the port, or the port may not be used. */
export class PortUnavailableError extends Error {
  override readonly name = 'PortUnavailableError';
  readonly code = 'ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE';
  readonly host: string;
  readonly port: number;

  constructor({ host, port, cause }: { host: string; port: number; cause: NodeJS.ErrnoException }) {
    super(
      (cause.code === 'EADDRINUSE'
        ? `Another program uses port ${port} of ${host}, so the server cannot start. Stop it, or choose `
        : `Port ${port} of ${host} cannot be used (${cause.code}), so the server cannot start. Choose `) +
        `another port with --port ${port === 65_535 ? 3000 : port + 1}, or --port 0 for any free one.`,
      { cause },
    );
    this.host = host;
    this.port = port;
  }
}
