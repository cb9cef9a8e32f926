import { randomUUID } from 'node:crypto';
import type { Lambda } from '../../lambda-types.ts';
import type { Exchange } from '../exchange.ts';
import { type HttpAnswer, jsonAnswer, withHeaders } from '../http-answer.ts';
import { readResponse2 } from '../http-api/response-2.ts';
import { headBytes, headerValue, splitTarget } from '../http-request.ts';
import { createTraceId } from '../ids.ts';
import { integrate, type Wording } from '../integrate.ts';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES } from '../limits.ts';
import { buildEvent2 } from '../payload-2.ts';
import { integrateStream } from '../streaming/integrate-stream.ts';
import { URL_STREAM } from './streaming.ts';

const message = (statusCode: number, text: string, problem?: string) =>
  jsonAnswer(statusCode, JSON.stringify({ message: text }), { problem });

const failed = (problem: string): HttpAnswer => ({
  statusCode: 502,
  headers: [['content-type', 'text/plain']],
  body: Buffer.from('Internal Server Error'),
  problem,
});

const tooLarge = (problem?: string) => message(413, 'Request Entity Too Large', problem);

const UNKNOWN_URL = jsonAnswer(403, '{"Message":null}', {
  headers: [['x-amzn-errortype', 'AccessDeniedException']],
});

const WORDING: Wording = {
  read: (payload) => readResponse2(payload, 'application/json'),
  failed,
  refused: failed,
  tooLarge,
  unusable: (reason, problem) => message(502, reason, problem),
  timedOut: failed,
};

/** A function URL, and how it invokes its function. */
export interface FunctionUrl {
  readonly functionName: string;
  /** The invoke mode `RESPONSE_STREAM`. Default: `BUFFERED`. */
  readonly streams?: boolean;
}

/** A request to a function URL; `url` is absent when no function has it. */
export function functionUrlExchange(
  url: (FunctionUrl & { readonly lambda: Lambda }) | undefined,
): Exchange {
  return {
    ...(url && { functionName: url.functionName, routeKey: '$default' }),
    maxBodyBytes: MAX_BODY_BYTES,
    tooLarge,
    failed,
    async answer(request, at) {
      if (headBytes(request) > MAX_HEAD_BYTES) {
        return { answer: message(431, 'Request Header Fields Too Large') };
      }
      if (!url) return { answer: UNKNOWN_URL };
      const requestId = randomUUID();
      const traceId = headerValue(request, 'x-amzn-trace-id') ?? createTraceId(at);
      const event = buildEvent2(request, {
        routeKey: '$default',
        rawPath: splitTarget(request.target).path,
        pathParameters: {},
        stage: '$default',
        withoutHeaders: [],
        requestId,
        traceId,
        at,
      });
      const options = { event, traceId, timeoutMs: Number.POSITIVE_INFINITY };
      const result = await (url.streams
        ? integrateStream(url.lambda, { ...options, wording: { ...WORDING, ...URL_STREAM } })
        : integrate(url.lambda, { ...options, wording: WORDING }));
      return {
        ...result,
        answer: withHeaders(
          result.answer,
          ['x-amzn-requestid', requestId],
          ['x-amzn-trace-id', traceId],
        ),
      };
    },
  };
}
