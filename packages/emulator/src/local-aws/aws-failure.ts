import type { HttpAnswer } from '../http/http-answer.ts';

/** An error as AWS's JSON protocols have it. */
export const awsFailure = (
  statusCode: number,
  type: string,
  message: string,
  jsonVersion: '1.0' | '1.1' = '1.1',
): HttpAnswer => ({
  statusCode,
  headers: [
    ['content-type', `application/x-amz-json-${jsonVersion}`],
    ['x-amzn-errortype', type],
  ],
  body: Buffer.from(JSON.stringify({ __type: type, message })),
});
