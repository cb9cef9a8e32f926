import type { HeaderPair } from './http-request.ts';

/** What the client gets. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: readonly HeaderPair[];
  readonly body: Buffer;
  /** Why the client gets something else than the function meant; for the person who runs it. */
  readonly problem?: string;
}

/** An answer that API Gateway makes itself. */
export function gatewayAnswer(statusCode: number, message: string, problem?: string): HttpAnswer {
  return {
    statusCode,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ message })),
    ...(problem === undefined ? {} : { problem }),
  };
}
