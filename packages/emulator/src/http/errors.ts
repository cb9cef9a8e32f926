/** Thrown when another program listens on the port, or the port may not be used. */
export class PortUnavailableError extends Error {
  override readonly name = 'PortUnavailableError';
  readonly code = 'ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE';
  readonly host: string;
  readonly port: number;

  constructor({
    host,
    port,
    cause,
    option = '--port',
  }: {
    host: string;
    port: number;
    cause: NodeJS.ErrnoException;
    /** That sets the port. */
    option?: string;
  }) {
    super(
      (cause.code === 'EADDRINUSE'
        ? `Another program uses port ${port} of ${host}, so the server cannot start. Stop it, or choose `
        : `Port ${port} of ${host} cannot be used (${cause.code}), so the server cannot start. Choose `) +
        `another port with ${option} ${port === 65_535 ? 3000 : port + 1}, or ${option} 0 for any free one.`,
      { cause },
    );
    this.host = host;
    this.port = port;
  }
}
