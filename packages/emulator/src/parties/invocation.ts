import { randomBytes, randomUUID } from 'node:crypto';
import type { InvokeOptions, InvokeResult } from '../lambda-types.ts';

/** What the runtime, or the platform in its place, has to say to the caller. */
export interface Answer {
  readonly payload: Buffer;
  readonly contentType: string;
  readonly functionError?: 'Unhandled';
  readonly streaming?: boolean;
  /** The error behind the first byte of a stream; `payload` is that stream. */
  readonly errorDetails?: string;
  readonly statusCode?: number;
}

/** Instants of one invocation in the runtime, of `performance.now()`. */
export interface RuntimeTimes {
  deliveredAt?: number;
  responseStartedAt?: number;
  responseEndedAt?: number;
}

/** One request on its way through an environment. */
export class Invocation {
  readonly requestId: string;
  readonly event: Buffer;
  readonly traceId: string;
  readonly clientContext: string | undefined;
  readonly tenantId: string | undefined;
  /** Resolves with the first answer. */
  readonly result: Promise<InvokeResult>;
  /** Instant of the complete answer, of `performance.now()`. */
  answeredAt: number | undefined;
  /** Epoch ms; set when the invoke starts. */
  deadlineMs = 0;
  answer: Answer | undefined;
  readonly times: RuntimeTimes = {};
  readonly #onChunk: InvokeOptions['onChunk'];
  readonly #resolve: (result: InvokeResult) => void;
  readonly reject: (error: Error) => void;

  constructor({
    event,
    requestId = randomUUID(),
    traceId,
    clientContext,
    tenantId,
    onChunk,
  }: {
    event: Buffer;
    requestId?: string | undefined;
    traceId?: string | undefined;
    clientContext?: string | undefined;
    tenantId?: string | undefined;
    onChunk?: InvokeOptions['onChunk'];
  }) {
    this.event = event;
    this.requestId = requestId;
    this.traceId = traceId ?? newTraceId();
    this.clientContext = clientContext;
    this.tenantId = tenantId;
    this.#onChunk = onChunk;
    const { promise, resolve, reject } = Promise.withResolvers<InvokeResult>();
    this.result = promise;
    this.#resolve = resolve;
    this.reject = reject;
  }

  /** Passes on a part of a streamed response; who has its answer already, as after a timeout, gets no more. */
  stream(chunk: Buffer, contentType: string): void {
    if (!this.answer) this.#onChunk?.(chunk, contentType);
  }

  /** Answers the caller; only the first answer counts. @returns whether it was the first. */
  respond(answer: Answer, environmentId: string): boolean {
    if (this.answer) return false;
    this.answer = answer;
    this.answeredAt = performance.now();
    const { statusCode = 200, ...rest } = answer;
    this.#resolve({ requestId: this.requestId, environmentId, statusCode, ...rest });
    return true;
  }
}

/** A function error, from the error itself or from a body that is one. */
export function errorAnswer(error: Buffer | { errorType: string; errorMessage: string }): Answer {
  const payload = Buffer.isBuffer(error) ? error : Buffer.from(JSON.stringify(error));
  return { payload, contentType: 'application/json', functionError: 'Unhandled' };
}

/** The header that Lambda makes up for an invoke without tracing. */
function newTraceId(): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  const root = `1-${time}-${randomBytes(12).toString('hex')}`;
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
