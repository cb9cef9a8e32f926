import type { InvokeOptions, InvokeResult, Lambda } from '../../lambda-types.ts';
import { parseJson } from '../../parse-json.ts';
import { MAX_ASYNC_EVENT_BYTES } from '../../payload-limits.ts';
import type { IntegrationResult } from '../exchange.ts';
import { type HttpAnswer, jsonAnswer, withHeaders } from '../http-answer.ts';
import { type HeaderPair, type HttpRequest, headerPairs } from '../http-request.ts';
import { decode } from '../route-table.ts';
import { invokeWithResponseStream } from './response-stream.ts';

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?(?:\?|$)/;
const STREAM_PATH = /^\/2021-11-15\/functions\/([^/]+)\/response-streaming-invocations\/?(?:\?|$)/;

/** What a request to Lambda's Invoke API is for. */
export interface Invoked {
  readonly name: string;
  /** `InvokeWithResponseStream` in place of `Invoke`. */
  readonly streams: boolean;
}

/** The function may be given by its name, `name:qualifier` or ARN. */
export function invokedFunction(target: string): Invoked | undefined {
  const whole = INVOKE_PATH.exec(target)?.[1];
  const streamed = STREAM_PATH.exec(target)?.[1];
  const given = whole ?? streamed;
  if (given === undefined) return undefined;
  const name = decode(given)
    .replace(/^(?:arn:[^:]*:lambda:[^:]*:)?(?:\d{12}:)?function:/, '')
    .replace(/:.*$/, '');
  return { name, streams: streamed !== undefined };
}

/**
 * Lambda's Invoke API, so that the AWS CLI and SDKs can be pointed at the emulator. Asynchronous invokes
 * run once: retries and destinations are not emulated.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invokeApi(
  request: HttpRequest,
  { name, streams }: Invoked,
  lambda: Lambda | undefined,
): Promise<IntegrationResult> {
  if (request.method !== 'POST') {
    return { answer: failure(405, 'MethodNotAllowedException', 'Use POST.') };
  }
  if (!lambda) {
    const arn = `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
    return { answer: failure(404, 'ResourceNotFoundException', `Function not found: ${arn}`) };
  }
  const headers = Object.fromEntries(headerPairs(request.rawHeaders));
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const event = parseEvent(request.body);
  if ('problem' in event) {
    return { answer: failure(400, 'InvalidRequestContentException', event.problem) };
  }
  const types = streams ? ['RequestResponse', 'DryRun'] : ['RequestResponse', 'Event', 'DryRun'];
  if (!types.includes(type)) {
    const message = `${type} is not an invocation type here. Use ${types.join(' or ')}.`;
    return { answer: failure(400, 'InvalidParameterValueException', message) };
  }
  if (type === 'DryRun') return { answer: empty(204) };
  const options = invokeOptions(headers);
  if (type === 'Event') {
    if (request.body.length > MAX_ASYNC_EVENT_BYTES) {
      return { answer: tooLarge(MAX_ASYNC_EVENT_BYTES) };
    }
    // The caller does not wait; what becomes of the function is in its timeline.
    lambda.invoke(event.value, options).catch(() => undefined);
    return { answer: empty(202) };
  }
  if (streams) return invokeWithResponseStream(lambda, event.value, { options, refuse: toAnswer });
  const invoke = await lambda.invoke(event.value, options);
  return { answer: toAnswer(invoke), invoke };
}

function parseEvent(body: Buffer): { value: unknown } | { problem: string } {
  try {
    return { value: body.length === 0 ? {} : JSON.parse(body.toString('utf8')) };
  } catch (error) {
    return { problem: `Could not parse request body into json: ${(error as Error).message}` };
  }
}

/** The answer to an event that is larger than Lambda takes. */
export const tooLarge = (maxBytes: number): HttpAnswer =>
  failure(
    413,
    'RequestTooLargeException',
    `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`,
  );

function toAnswer(result: InvokeResult): HttpAnswer {
  if (result.statusCode === 429) {
    return withHeaders(jsonAnswer(429, result.payload.toString()), [
      'x-amzn-errortype',
      'TooManyRequestsException',
    ]);
  }
  return {
    statusCode: result.statusCode,
    headers: [
      ['content-type', result.contentType],
      ['x-amz-executed-version', '$LATEST'],
      ['x-amzn-requestid', result.requestId],
      ...(result.functionError ? [['x-amz-function-error', result.functionError] as const] : []),
    ],
    body: result.payload,
  };
}

function invokeOptions(headers: Readonly<Record<string, string>>): InvokeOptions {
  const traceId = headers['x-amzn-trace-id'];
  const tenantId = headers['x-amz-tenant-id'];
  const clientContext = decodeClientContext(headers['x-amz-client-context']);
  return {
    ...(traceId === undefined ? {} : { traceId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(clientContext === undefined ? {} : { clientContext }),
  };
}

const decodeClientContext = (header: string | undefined): unknown =>
  header === undefined ? undefined : parseJson(Buffer.from(header, 'base64'));

export function failure(statusCode: number, type: string, message: string): HttpAnswer {
  const headers: HeaderPair[] = [
    ['content-type', 'application/json'],
    ['x-amzn-errortype', type],
  ];
  // AWS's clients read `message` or `Message`, depending on the language.
  const body = Buffer.from(JSON.stringify({ Type: 'User', message, Message: message }));
  return { statusCode, headers, body };
}

const empty = (statusCode: number): HttpAnswer => ({
  statusCode,
  headers: [['x-amz-executed-version', '$LATEST']],
  body: Buffer.alloc(0),
});
