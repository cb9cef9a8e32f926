import { validateHeaderValue } from 'node:http';
import { parseJson } from '../../parse-json.ts';
import { isRecord, type Values } from '../../project/record.ts';
import type { Head, HttpAnswer } from '../http-answer.ts';
import type { HeaderPair } from '../http-request.ts';
import {
  readBodyText,
  readHeaders,
  readIsBase64Encoded,
  readStatusCode,
  withContentType,
} from '../response-fields.ts';

/**
 * What the client gets for a function's response, by the rules of payload format 2.0.
 *
 * Without `statusCode` the whole payload is the body, with status 200 and `application/json`; AWS does not even
 * check that it is JSON. Only a string loses its quotes (recorded from AWS, against the guide).
 *
 * @throws when the response is malformed.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response
 */
export function readResponse2(payload: Buffer, defaultContentType: string): HttpAnswer {
  const value = parseJson(payload);
  if (!isRecord(value) || !('statusCode' in value)) {
    const body = typeof value === 'string' ? Buffer.from(value) : payload;
    return { statusCode: 200, headers: [['content-type', 'application/json']], body };
  }
  const isBase64Encoded = readIsBase64Encoded(value.isBase64Encoded);
  return {
    ...readHead2(value, defaultContentType),
    body: Buffer.from(readBodyText(value.body), isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Status code, headers and cookies of a response. @throws when one of them is malformed. */
export function readHead2(value: Values, defaultContentType: string): Head {
  const headers = withContentType(readHeaders(value.headers), defaultContentType);
  return {
    statusCode: readStatusCode(value.statusCode),
    headers: [...headers, ...readCookies(value.cookies)],
  };
}

export function readCookies(value: unknown): HeaderPair[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((cookie) => typeof cookie === 'string')) {
    throw new TypeError('cookies is not a list of strings');
  }
  return value.map((cookie) => {
    validateHeaderValue('set-cookie', cookie);
    return ['set-cookie', cookie] as const;
  });
}
