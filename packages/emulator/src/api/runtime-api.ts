import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionConfig } from '../function-config.ts';
import type { Generation } from '../parties/generation.ts';
import { type Answer, errorAnswer, type Invocation } from '../parties/invocation.ts';
import { isRefusal, type Refusal } from '../parties/runtime.ts';
import { MAX_RESPONSE_BYTES, MAX_STREAMED_BYTES } from '../payload-limits.ts';
import { type ApiCall, route, sendError, sendJson } from './api-server.ts';
import { type Body, readBody } from './read-body.ts';

const PREFIX = '/2018-06-01/runtime';
const INVOCATION_RESULT = new RegExp(`^${PREFIX}/invocation/([^/]+)/(response|error)$`);
const WITH_CAUSE = 'application/vnd.aws.lambda.error.cause+json';

interface Dependencies {
  readonly config: FunctionConfig;
  /** The processes that run now; undefined between a reset and the next INIT. */
  readonly generation: () => Generation | undefined;
  readonly respond: (invocation: Invocation, answer: Answer) => void;
}

/** The Runtime API, version 2018-06-01. */
export class RuntimeApi {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  readonly handle = (call: ApiCall): boolean => {
    const { path, request, response } = call;
    const generation = this.#dependencies.generation();
    if (!generation) return false;
    const [result, requestId = '', kind] = INVOCATION_RESULT.exec(path) ?? [];
    const answer = () =>
      void this.#answer(generation, requestId, kind as 'response' | 'error', request, response);
    return route(call, {
      [`${PREFIX}/invocation/next`]: ['GET', () => this.#next(generation, request, response)],
      [`${PREFIX}/init/error`]: ['POST', () => void this.#initError(generation, request, response)],
      ...(result && { [result]: ['POST', answer] }),
    });
  };

  #next(generation: Generation, request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const refusal = generation.runtime.next((invocation) => this.#deliver(invocation, response));
    if (refusal) refuse(response, refusal);
    generation.changed();
  }

  #deliver(invocation: Invocation, response: ServerResponse): boolean {
    if (response.destroyed) return false;
    const { requestId, deadlineMs, traceId, clientContext, tenantId, event } = invocation;
    invocation.times.deliveredAt = performance.now();
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': event.length,
      'Lambda-Runtime-Aws-Request-Id': requestId,
      'Lambda-Runtime-Deadline-Ms': String(deadlineMs),
      'Lambda-Runtime-Invoked-Function-Arn': this.#dependencies.config.arn,
      'Lambda-Runtime-Trace-Id': headerBytes(traceId),
      ...(clientContext && { 'Lambda-Runtime-Client-Context': headerBytes(clientContext) }),
      ...(tenantId && { 'Lambda-Runtime-Aws-Tenant-Id': headerBytes(tenantId) }),
    });
    response.end(event);
    return true;
  }

  async #answer(
    generation: Generation,
    requestId: string,
    kind: 'response' | 'error',
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { runtime } = generation;
    const invocation = runtime.beginAnswer(requestId, kind);
    if (isRefusal(invocation)) {
      request.resume();
      refuse(response, invocation);
      return;
    }
    const mode = request.headers['lambda-runtime-function-response-mode'] || undefined;
    const isStreaming = kind === 'response' && mode === 'streaming';
    if (kind === 'response' && mode !== undefined && !isStreaming) {
      request.resume();
      // The caller gets an error without a body, and the runtime is left in the middle of its answer.
      this.#dependencies.respond(invocation, errorAnswer(Buffer.alloc(0)));
      refuse(response, {
        status: 400,
        errorType: 'InvalidFunctionResponseMode',
        errorMessage: 'Invalid function response mode',
      });
      return;
    }
    invocation.times.responseStartedAt = performance.now();
    const limit = isStreaming ? MAX_STREAMED_BYTES : MAX_RESPONSE_BYTES;
    const contentType = streamType(request);
    const body = await readBody(
      request,
      limit,
      isStreaming ? (chunk) => invocation.stream(chunk, contentType) : undefined,
    );
    // Who was cut off in the middle of its answer is gone; that is seen where processes are watched.
    if (body.status === 'truncated') return;
    invocation.times.responseEndedAt = performance.now();
    this.#dependencies.respond(
      invocation,
      kind === 'error' ? readError(body, request) : responseAnswer(body, request, isStreaming),
    );
    if (body.status === 'too large') {
      refuse(response, {
        status: 413,
        errorType: 'RequestEntityTooLarge',
        errorMessage: `Exceeded maximum allowed payload size (${limit} bytes).`,
      });
    } else {
      sendJson(response, 202, { status: 'OK' });
    }
    runtime.endAnswer(invocation);
    generation.changed();
  }

  async #initError(
    generation: Generation,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { content } = await readBody(request, MAX_RESPONSE_BYTES);
    const refusal = generation.runtime.failInit(content);
    if (refusal) {
      refuse(response, refusal);
      return;
    }
    const type = request.headers['lambda-runtime-function-error-type'];
    generation.reportedErrorType ??= knownErrorType(String(type ?? ''));
    sendJson(response, 202, { status: 'OK' });
    generation.changed();
  }
}

function responseAnswer(body: Body, request: IncomingMessage, isStreaming: boolean): Answer {
  if (body.status === 'too large') {
    return errorAnswer({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
    });
  }
  if (!isStreaming) return { payload: body.content, contentType: 'application/json' };
  const errorType = request.trailers['lambda-runtime-function-error-type'];
  const error = Buffer.from(request.trailers['lambda-runtime-function-error-body'] ?? '', 'base64');
  const hasFailedBeforeFirstByte = errorType !== undefined && body.content.length === 0;
  return {
    payload: hasFailedBeforeFirstByte ? error : body.content,
    contentType: streamType(request),
    streaming: true,
    ...(errorType !== undefined && {
      functionError: 'Unhandled' as const,
      ...(!hasFailedBeforeFirstByte && { errorDetails: error.toString() }),
    }),
  };
}

const streamType = ({ headers }: IncomingMessage): string =>
  headers['content-type'] ?? 'application/octet-stream';

/** An error that comes with its cause for X-Ray: the caller gets the error without it. */
function readError({ content }: Body, request: IncomingMessage): Answer {
  if (request.headers['content-type'] !== WITH_CAUSE) return errorAnswer(content);
  try {
    const { errorMessage = '', errorType = '', stackTrace } = JSON.parse(content.toString());
    return errorAnswer(Buffer.from(JSON.stringify({ errorMessage, errorType, stackTrace })));
  } catch {
    return errorAnswer(Buffer.from('"Invalid error body"'));
  }
}

/** UTF-8 in a header: Node.js writes one byte for each character. */
function headerBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Types of another form are recorded as unknown; the body reaches the caller unchanged. */
function knownErrorType(type: string): string {
  if (/^(Runtime|Function)\.[A-Z][a-zA-Z]+$/.test(type)) return type;
  return type.startsWith('Function.') ? 'Function.Unknown' : 'Runtime.Unknown';
}

function refuse(response: ServerResponse, { status, errorType, errorMessage }: Refusal): void {
  sendError(response, status, errorType, errorMessage);
}
