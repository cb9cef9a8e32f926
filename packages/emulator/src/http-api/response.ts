import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isRecord } from '../project/record.ts';
import { gatewayAnswer, type HttpAnswer } from './http-answer.ts';
import type { HeaderPair } from './http-request.ts';

const DEFAULT_CONTENT_TYPE = 'text/plain; charset=utf-8';
// Node.js sets them to what it really sends.
const FRAMING = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/**
 * What the client gets for a function's response, by the rules of payload format 2.0.
 *
 * Without `statusCode` the whole payload is the body, with status 200 and `application/json`; API Gateway
 * does not even check that it is JSON (seen by AWS's Lambda Test Tool for .NET, against the guide).
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response
 */
export function readResponse(payload: Buffer): HttpAnswer {
  const value = parseJson(payload);
  if (!isRecord(value) || !('statusCode' in value)) {
    return { statusCode: 200, headers: [['content-type', 'application/json']], body: payload };
  }
  try {
    return readFormatted(value);
  } catch (error) {
    return gatewayAnswer(
      500,
      'Internal Server Error',
      `the response of the function is malformed: ${(error as Error).message}`,
    );
  }
}

function readFormatted(value: Readonly<Record<string, unknown>>): HttpAnswer {
  const headers = readHeaders(value.headers);
  if (!headers.some(([name]) => name === 'content-type')) {
    headers.push(['content-type', DEFAULT_CONTENT_TYPE]);
  }
  return {
    statusCode: readStatusCode(value.statusCode),
    headers: [...headers, ...readCookies(value.cookies)],
    body: readBody(value.body, value.isBase64Encoded),
  };
}

function readStatusCode(value: unknown): number {
  const statusCode = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (Number.isInteger(statusCode) && Number(statusCode) >= 200 && Number(statusCode) <= 599) {
    return Number(statusCode);
  }
  throw new TypeError(`statusCode is ${JSON.stringify(value)}, not a number from 200 to 599`);
}

function readHeaders(value: unknown): HeaderPair[] {
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) throw new TypeError('headers is not an object');
  return Object.entries(value).flatMap(([name, content]) => {
    if (!['string', 'number', 'boolean'].includes(typeof content)) {
      throw new TypeError(`the header ${name} is not a string`);
    }
    const pair = [name.toLowerCase(), String(content)] as const;
    validateHeaderName(pair[0]);
    validateHeaderValue(...pair);
    return FRAMING.has(pair[0]) ? [] : [pair];
  });
}

function readCookies(value: unknown): HeaderPair[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((cookie) => typeof cookie === 'string')) {
    throw new TypeError('cookies is not a list of strings');
  }
  return value.map((cookie) => {
    validateHeaderValue('set-cookie', cookie);
    return ['set-cookie', cookie] as const;
  });
}

function readBody(value: unknown, isBase64Encoded: unknown): Buffer {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (typeof value !== 'string') {
    throw new TypeError(
      `body is ${Array.isArray(value) ? 'an array' : `of type ${typeof value}`}, not a string; use JSON.stringify`,
    );
  }
  if (
    isBase64Encoded !== undefined &&
    isBase64Encoded !== null &&
    typeof isBase64Encoded !== 'boolean'
  ) {
    throw new TypeError('isBase64Encoded is not true or false');
  }
  return Buffer.from(value, isBase64Encoded ? 'base64' : 'utf8');
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}
