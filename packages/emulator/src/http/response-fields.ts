import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isRecord, type Values } from '../project/record.ts';
import type { HeaderPair } from './http-request.ts';

// The parts of a function's response that several payload formats share. A field that is malformed throws.

// Node.js sets them to what it really sends.
const FRAMING = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** A number, or text of digits. */
export function readStatusCode(value: unknown): number {
  const statusCode = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (Number.isInteger(statusCode) && Number(statusCode) >= 200 && Number(statusCode) <= 599) {
    return Number(statusCode);
  }
  throw new TypeError(`statusCode is ${JSON.stringify(value)}, not a number from 200 to 599`);
}

export const readHeaders = (value: unknown): HeaderPair[] =>
  Object.entries(readMap('headers', value)).flatMap(([name, content]) => readHeader(name, content));

/** Each value of the lists becomes a header. */
export const readMultiValueHeaders = (value: unknown): HeaderPair[] =>
  Object.entries(readMap('multiValueHeaders', value)).flatMap(([name, values]) => {
    if (!Array.isArray(values)) throw new TypeError(`the multi-value header ${name} is not a list`);
    return values.flatMap((content) => readHeader(name, content));
  });

function readMap(field: string, value: unknown): Values {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new TypeError(`${field} is not an object`);
  return value;
}

function readHeader(name: string, content: unknown): HeaderPair[] {
  if (!['string', 'number', 'boolean'].includes(typeof content)) {
    throw new TypeError(`the header ${name} is not a string`);
  }
  const pair = [name.toLowerCase(), String(content)] as const;
  validateHeaderName(pair[0]);
  validateHeaderValue(...pair);
  return FRAMING.has(pair[0]) ? [] : [pair];
}

/** Adds the content type of a response that names none. */
export const withContentType = (headers: readonly HeaderPair[], fallback: string): HeaderPair[] =>
  headers.some(([name]) => name === 'content-type')
    ? [...headers]
    : [...headers, ['content-type', fallback]];

export function readBodyText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  const type = Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
  throw new TypeError(`body is ${type}, not a string; use JSON.stringify`);
}

export function readIsBase64Encoded(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new TypeError('isBase64Encoded is not true or false');
}
