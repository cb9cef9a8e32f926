/** A request as it came over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** Request target: path and query, as sent. */
  readonly target: string;
  readonly httpVersion: string;
  /** Names and values in turn, as `node:http` gives them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  /** Port that the server listens on. */
  readonly port: number;
}

export type HeaderPair = readonly [name: string, value: string];

/** Headers with their names as sent, in the order they came. */
export function headersAsSent(rawHeaders: readonly string[]): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return pairs;
}

/** Headers with lower-case names, in the order they came. */
export const headerPairs = (rawHeaders: readonly string[]): HeaderPair[] =>
  headersAsSent(rawHeaders).map(([name, value]) => [name.toLowerCase(), value]);

/** The first value of a header; `name` in lower case. */
export const headerValue = ({ rawHeaders }: HttpRequest, name: string): string | undefined =>
  headerPairs(rawHeaders).find(([other]) => other === name)?.[1];

/** Splits a request target at its first `?`. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  return mark === -1
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Size of request line and headers on the wire. */
export function headBytes({ method, target, rawHeaders }: HttpRequest): number {
  const requestLine = `${method} ${target} HTTP/1.1\r\n`;
  const headers = headerPairs(rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.byteLength(requestLine + headers.join(''), 'latin1') + 2;
}
