/** Where Lambda's Runtime and Extensions API listens. */
export interface RuntimeApi {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
}

/** @param address value of `AWS_LAMBDA_RUNTIME_API`, `host:port` */
export function readRuntimeApi(address: string): RuntimeApi {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon);
  return {
    host: host === 'localhost' ? '127.0.0.1' : host,
    port: Number(address.slice(colon + 1)),
  };
}
