import { parseJson } from '../../parse-json.ts';
import { isRecord } from '../../project/record.ts';
import { type HttpAnswer, jsonAnswer } from '../http-answer.ts';
import type { HeaderPair } from '../http-request.ts';

/** What the client gets for a function's response behind `integration: lambda`: the response, whatever it is. */
export const readMappedResponse = (payload: Buffer, headers: readonly HeaderPair[]): HttpAnswer =>
  jsonAnswer(200, payload.toString(), { headers });

/**
 * What the client gets for a function's error: the error, with the status that Serverless Framework's
 * patterns find in its message (`[404] No such order`), else 200.
 *
 * @see https://www.serverless.com/framework/docs/providers/aws/events/apigateway#status-codes
 */
export const readMappedError = (
  payload: Buffer,
  headers: readonly HeaderPair[],
  problem: string,
): HttpAnswer => jsonAnswer(statusOf(payload), payload.toString(), { headers, problem });

function statusOf(payload: Buffer): number {
  const error = parseJson(payload);
  const message = isRecord(error) ? String(error.errorMessage) : '';
  const named = /\[(40[0134]|422|50[024])\]/.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  if (/Process\s?exited\s?before\s?completing\s?request/.test(message)) return 500;
  return /Task timed out after \d+\.\d+ seconds$/.test(message) ? 504 : 200;
}
