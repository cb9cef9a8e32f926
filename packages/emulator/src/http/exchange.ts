import type { InvokeResult } from '../lambda-types.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';

/** The invoke that made an answer, when there was one in time. */
export interface Outcome {
  readonly invoke?: InvokeResult;
  /** Why the client does not get to the end of a streamed answer. */
  readonly problem?: string;
}

/** The answer for the client, and the invoke that made it, when there was one in time. */
export interface IntegrationResult {
  readonly answer: HttpAnswer;
  readonly invoke?: InvokeResult;
  /** Of an answer with a `rest`: resolves when the function has answered to the end. */
  readonly end?: Promise<Outcome>;
}

/** How one request is answered by the rules of its protocol: one implementation per protocol. */
export interface Exchange {
  /** Absent when no function takes the request. */
  readonly functionName?: string;
  readonly routeKey?: string;
  readonly maxBodyBytes: number;
  /** The answer to a body of more than `maxBodyBytes`. */
  tooLarge(): HttpAnswer;
  /** The answer when the request broke off before its end, or the function was closed. */
  failed(problem: string): HttpAnswer;
  answer(request: HttpRequest, at: Date): Promise<IntegrationResult>;
}
