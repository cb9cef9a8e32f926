import type { InvokeOptions, InvokeResult, Lambda } from '../../lambda-types.ts';
import type { IntegrationResult } from '../exchange.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { lateBody } from '../streaming/late-body.ts';
import { EVENT_STREAM, eventMessage } from './event-stream.ts';

export interface ResponseStreamOptions {
  readonly options: InvokeOptions;
  /** The answer when Lambda rejects the invoke. */
  readonly refuse: (result: InvokeResult) => HttpAnswer;
}

/**
 * Invokes a function and answers with the first part of its response, else at its end; each part is an event, and
 * the last event says whether the function failed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
export async function invokeWithResponseStream(
  lambda: Lambda,
  event: unknown,
  { options, refuse }: ResponseStreamOptions,
): Promise<IntegrationResult> {
  const rest = lateBody();
  const begun = Promise.withResolvers<undefined>();
  let isStreamed = false;
  const send = (message: Buffer) => {
    if (!rest.destroyed) rest.write(message);
  };
  const invoke = lambda.invoke(event, {
    ...options,
    onChunk(chunk) {
      isStreamed = true;
      begun.resolve(undefined);
      send(payloadChunk(chunk));
    },
  });
  const early = await Promise.race([begun.promise, invoke]);
  if (early && early.statusCode !== 200) return { answer: refuse(early), invoke: early };
  const end = invoke.then(
    (result) => {
      const isWhole = !isStreamed && !result.functionError && result.payload.length > 0;
      if (isWhole) send(payloadChunk(result.payload));
      send(invokeComplete(result));
      rest.end();
      return { invoke: result };
    },
    (error: Error) => {
      rest.destroy(error);
      return { problem: `the invoke failed: ${error.message}` };
    },
  );
  return {
    answer: {
      statusCode: 200,
      headers: [
        ['content-type', EVENT_STREAM],
        ['x-amz-executed-version', '$LATEST'],
      ],
      body: Buffer.alloc(0),
      rest,
    },
    end,
  };
}

const payloadChunk = (payload: Buffer): Buffer =>
  eventMessage('PayloadChunk', 'application/octet-stream', payload);

function invokeComplete({ functionError, errorDetails, payload }: InvokeResult): Buffer {
  const details = functionError
    ? { ErrorCode: functionError, ErrorDetails: errorDetails ?? payload.toString() }
    : {};
  return eventMessage('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(details)));
}
