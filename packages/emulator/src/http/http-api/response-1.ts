import { parseJson } from '../../parse-json.ts';
import { isRecord } from '../../project/record.ts';
import type { HttpAnswer } from '../http-answer.ts';
import {
  readBodyText,
  readHeaders,
  readIsBase64Encoded,
  readMultiValueHeaders,
  readStatusCode,
  withContentType,
} from '../response-fields.ts';

/**
 * What the client of an HTTP API gets for a function's response in payload format 1.0: `statusCode` is
 * required, and nothing is inferred.
 *
 * @throws when the response is malformed.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response
 */
export function readResponse1(payload: Buffer, defaultContentType: string): HttpAnswer {
  const value = parseJson(payload);
  if (!isRecord(value)) throw new TypeError('it is not an object with a statusCode');
  const headers = [
    ...readHeaders(value.headers),
    ...readMultiValueHeaders(value.multiValueHeaders),
  ];
  const isBase64Encoded = readIsBase64Encoded(value.isBase64Encoded);
  return {
    statusCode: readStatusCode(value.statusCode),
    headers: withContentType(headers, defaultContentType),
    body: Buffer.from(readBodyText(value.body), isBase64Encoded ? 'base64' : 'utf8'),
  };
}
