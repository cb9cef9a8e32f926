import type { HttpAnswer } from '../http/http-answer.ts';

/** An error as AWS's JSON protocols have it. */
export const awsFailure = (statusCode: number, type: string, message: string): HttpAnswer => ({
  statusCode,
  headers: [
    ['content-type', 'application/x-amz-json-1.1'],
    ['x-amzn-errortype', type],
  ],
  body: Buffer.from(JSON.stringify({ __type: type, message })),
});
