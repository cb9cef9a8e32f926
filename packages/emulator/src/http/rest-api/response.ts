import { parseJson } from '../../parse-json.ts';
import { isRecord, type Values } from '../../project/record.ts';
import type { Head, HttpAnswer } from '../http-answer.ts';
import type { HeaderPair } from '../http-request.ts';
import {
  readBodyText,
  readHeaders,
  readIsBase64Encoded,
  readMultiValueHeaders,
  readStatusCode,
  withContentType,
} from '../response-fields.ts';

const FIELDS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
const REMAPPED: Readonly<Record<string, string>> = {
  'www-authenticate': 'x-amzn-remapped-www-authenticate',
};

/** Thrown for a body that claims to be base64 and is not; unlike other mistakes it is a 500. */
export class NotBase64Error extends TypeError {
  override readonly name = 'NotBase64Error';

  constructor() {
    super('body is not base64, although isBase64Encoded is true');
  }
}

/**
 * What the client of a REST API gets for a function's response.
 *
 * @param takesBinary whether the request's `Accept` names a binary media type of the API; without that,
 * a base64 body leaves undecoded.
 * @throws when the response is malformed: no field is required, but one at least, and none is unknown.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
export function readRestResponse(payload: Buffer, takesBinary: boolean): HttpAnswer {
  const value = parseJson(payload);
  if (!isRecord(value) || Object.keys(value).length === 0) {
    throw new TypeError('it is not an object with a statusCode, headers or a body');
  }
  const unknown = Object.keys(value).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`it has the field ${unknown}; a REST API takes only ${FIELDS.join(', ')}`);
  }
  const text = readBodyText(value.body);
  const isBinary = readIsBase64Encoded(value.isBase64Encoded) && takesBinary;
  if (isBinary && !/^[\w+/-]*={0,2}$/.test(text)) throw new NotBase64Error();
  return { ...readRestHead(value), body: Buffer.from(text, isBinary ? 'base64' : 'utf8') };
}

/** Status code and headers of a response. @throws when one of them is malformed. */
export function readRestHead(value: Values): Head {
  const headers = [
    ...readMultiValueHeaders(value.multiValueHeaders),
    ...readHeaders(value.headers),
  ];
  return {
    statusCode: readStatusCode(value.statusCode ?? 200),
    headers: withContentType(headers.map(remap), 'application/json'),
  };
}

const remap = ([name, content]: HeaderPair): HeaderPair => [REMAPPED[name] ?? name, content];
