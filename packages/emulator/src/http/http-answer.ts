import type { Readable } from 'node:stream';
import type { HeaderPair } from './http-request.ts';

/** What the client gets before the body. */
export type Head = Pick<HttpAnswer, 'statusCode' | 'headers'>;

/** What the client gets. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: readonly HeaderPair[];
  readonly body: Buffer;
  /** What follows `body`, when it comes; a stream that is destroyed cuts the connection off. */
  readonly rest?: Readable;
  /** Why the client gets something else than the function meant; for the person who runs it. */
  readonly problem?: string;
}

export interface JsonAnswerOptions {
  readonly problem?: string | undefined;
  readonly headers?: readonly HeaderPair[];
}

/** An answer that API Gateway or Lambda makes itself. */
export function jsonAnswer(
  statusCode: number,
  json: string,
  { problem, headers = [] }: JsonAnswerOptions = {},
): HttpAnswer {
  return {
    statusCode,
    headers: [['content-type', 'application/json'], ...headers],
    body: Buffer.from(json),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The answer with more headers. */
export const withHeaders = (answer: HttpAnswer, ...headers: HeaderPair[]): HttpAnswer => ({
  ...answer,
  headers: [...answer.headers, ...headers],
});

/** The answer with a problem, unless it has one. */
export const withProblem = (answer: HttpAnswer, problem: string | undefined): HttpAnswer =>
  problem === undefined ? answer : { problem, ...answer };
