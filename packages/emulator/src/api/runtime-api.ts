import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Generation } from '../environment/generation.ts';
import type { Answer, Invocation } from '../environment/invocation.ts';
import { RUNTIME_TARGETS, type RuntimeMove } from '../environment/runtime-states.ts';
import type { FunctionConfig } from '../function-config.ts';
import { type ApiCall, sendError, sendJson } from './api-server.ts';
import { type Body, readBody } from './read-body.ts';

const PREFIX = '/2018-06-01/runtime';
/** 6 MiB and 100 bytes. */
export const MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100;
/** Streamed responses (Developer Guide, "Response streaming"). */
const MAX_STREAMED_BYTES = 200 * 1024 * 1024;
const INVOCATION_RESULT = /^\/invocation\/([^/]+)\/(response|error)$/;

interface Dependencies {
  readonly config: FunctionConfig;
  readonly generation: () => Generation | undefined;
  readonly respond: (invocation: Invocation, answer: Answer) => void;
}

/** The Runtime API, version 2018-06-01, for environments that serve one invocation at a time. */
export class RuntimeApi {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  readonly handle = ({ method, path, request, response }: ApiCall): boolean => {
    if (!path.startsWith(`${PREFIX}/`)) return false;
    const generation = this.#dependencies.generation();
    if (!generation) return false;
    const call = path.slice(PREFIX.length);
    if (method === 'GET' && call === '/invocation/next') {
      this.#next(generation, request, response);
      return true;
    }
    if (method !== 'POST') return false;
    if (call === '/init/error') {
      void this.#initError(generation, request, response);
      return true;
    }
    const [, requestId, result] = INVOCATION_RESULT.exec(call) ?? [];
    if (!requestId) return false;
    void this.#result(
      generation,
      decodeURIComponent(requestId),
      result as 'response' | 'error',
      request,
      response,
    );
    return true;
  };

  #next(generation: Generation, request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const { runtime } = generation;
    if (!runtime.move('next')) {
      refuseMove(response, generation, 'next');
      return;
    }
    runtime.park((invocation) => this.#deliver(invocation, response));
    generation.changed();
  }

  #deliver(invocation: Invocation, response: ServerResponse): void {
    const { config } = this.#dependencies;
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': invocation.event.length,
      'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
      'Lambda-Runtime-Deadline-Ms': String(invocation.deadlineMs),
      'Lambda-Runtime-Invoked-Function-Arn': config.arn,
      'Lambda-Runtime-Trace-Id': invocation.traceId,
      ...(invocation.clientContext && {
        'Lambda-Runtime-Client-Context': invocation.clientContext,
      }),
      ...(invocation.tenantId && { 'Lambda-Runtime-Aws-Tenant-Id': invocation.tenantId }),
    });
    response.end(invocation.event);
  }

  async #result(
    generation: Generation,
    requestId: string,
    result: 'response' | 'error',
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { runtime } = generation;
    const invocation = runtime.current;
    // The id is checked before the state.
    if (requestId !== invocation?.requestId) {
      request.resume();
      sendError(response, 400, 'InvalidRequestID', 'Invalid request ID');
      return;
    }
    const mode = request.headers['lambda-runtime-function-response-mode'];
    if (result === 'response' && mode !== undefined && mode !== 'streaming') {
      request.resume();
      sendError(response, 400, 'InvalidFunctionResponseMode', `Invalid response mode: ${mode}`);
      return;
    }
    if (!runtime.move(result)) {
      request.resume();
      return refuseMove(response, generation, result);
    }
    const isStreaming = mode === 'streaming';
    runtime.times.responseStartedAt = performance.now();
    const body = await readBody(request, isStreaming ? MAX_STREAMED_BYTES : MAX_RESPONSE_BYTES);
    runtime.times.responseEndedAt = performance.now();
    if (body.status === 'truncated') return;
    this.#dependencies.respond(
      invocation,
      result === 'error' ? functionError(body.content) : responseAnswer(body, request, isStreaming),
    );
    if (body.status === 'too large') {
      sendError(
        response,
        413,
        'RequestEntityTooLarge',
        `Exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
      );
    } else {
      sendJson(response, 202, { status: 'OK' });
    }
    runtime.move('sent');
    generation.changed();
  }

  async #initError(
    generation: Generation,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request, MAX_RESPONSE_BYTES);
    const { runtime } = generation;
    if (!runtime.move('initError')) return refuseMove(response, generation, 'initError');
    runtime.initError ??= {
      body: body.content,
      errorType: knownErrorType(request.headers['lambda-runtime-function-error-type']),
    };
    sendJson(response, 202, { status: 'OK' });
    generation.changed();
  }
}

function responseAnswer(body: Body, request: IncomingMessage, isStreaming: boolean): Answer {
  if (body.status === 'too large') return responseTooLarge();
  if (!isStreaming) return { payload: body.content, contentType: 'application/json' };
  // Node's parser makes lower-case names of trailers too.
  const failed = request.trailers['lambda-runtime-function-error-type'] !== undefined;
  const errorBody = request.trailers['lambda-runtime-function-error-body'];
  const isEmpty = body.content.length === 0;
  return {
    payload: failed && isEmpty && errorBody ? Buffer.from(errorBody, 'base64') : body.content,
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
    streaming: true,
    ...(failed && { functionError: 'Unhandled' as const }),
  };
}

function functionError(payload: Buffer): Answer {
  return { payload, contentType: 'application/json', functionError: 'Unhandled' };
}

function responseTooLarge(): Answer {
  return functionError(
    Buffer.from(
      JSON.stringify({
        errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
        errorType: 'Function.ResponseSizeTooLarge',
      }),
    ),
  );
}

/** Types of another form are recorded as unknown; the body reaches the caller unchanged. */
export function knownErrorType(header: string | string[] | undefined): string {
  const type = String(header ?? '');
  if (/^(Runtime|Function)\.[A-Z][a-zA-Z]+$/.test(type)) return type;
  return type.startsWith('Function.') ? 'Function.Unknown' : 'Runtime.Unknown';
}

function refuseMove(response: ServerResponse, { runtime }: Generation, move: RuntimeMove): void {
  sendError(
    response,
    403,
    'InvalidStateTransition',
    `State transition from ${runtime.state} to ${RUNTIME_TARGETS[move]} failed for runtime. ` +
      'Error: State transition is not allowed',
  );
}
