import type { Preflight } from '../../project/project.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HeaderPair } from '../http-request.ts';

const ALLOW_ORIGIN = 'access-control-allow-origin';

/** The answer of the mock integration that Serverless Framework, SAM and the CDK put behind OPTIONS. */
export function answerRestPreflight(
  { statusCode = 200, headers, origins }: Preflight,
  origin: string | undefined,
): HttpAnswer {
  const isAllowed = origin !== undefined && origins.some((allowed) => matches(allowed, origin));
  return {
    statusCode,
    headers: [
      ['content-type', 'application/json'],
      ...Object.entries(headers).map(
        ([name, value]): HeaderPair => [name, name === ALLOW_ORIGIN && isAllowed ? origin : value],
      ),
    ],
    body: Buffer.alloc(0),
  };
}

/** `*` stands for any text. */
function matches(allowed: string, origin: string): boolean {
  const parts = allowed.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`).test(origin);
}
