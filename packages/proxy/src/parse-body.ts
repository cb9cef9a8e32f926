import type { RawHttpEvent } from './http-event.ts';

/**
 * Reads the body of an HTTP event as JSON.
 *
 * @returns `undefined` for a request without a body; what is not a text, because middleware has parsed it before,
 * unchanged
 * @throws {SyntaxError} when it is not JSON
 */
export function parseBody({ body, isBase64Encoded }: RawHttpEvent): unknown {
  if (body === undefined || body === null || body === '') return undefined;
  if (typeof body !== 'string') return body;
  return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body);
}
