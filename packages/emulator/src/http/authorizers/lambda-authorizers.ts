import type { InvokeResult, Lambda } from '../../lambda-types.ts';
import { parseJson } from '../../parse-json.ts';
import type { LambdaAuthorizer } from '../../project/project.ts';
import { isRecord } from '../../project/record.ts';
import { invokeWithin } from '../invoke-within.ts';
import type { Identity } from './identity.ts';
import { judgeAnswer } from './lambda-answer.ts';
import { ResultCache } from './result-cache.ts';
import type { LambdaPass, Verdict } from './verdict.ts';

export interface Question {
  readonly authorizer: LambdaAuthorizer;
  readonly apiName: string;
  readonly identity: readonly Identity[];
  /** ARN of what is called, which policies name. */
  readonly arn: string;
  /** What the authorizer's function gets. */
  readonly event: () => unknown;
  readonly traceId: string;
  readonly timeoutMs: number;
}

/** Asks the functions that authorize requests, and keeps what they answer. */
export class LambdaAuthorizers {
  readonly #functions: ReadonlyMap<string, Lambda>;
  readonly #answers = new ResultCache<{ readonly value: unknown }>();

  constructor(functions: ReadonlyMap<string, Lambda>) {
    this.#functions = functions;
  }

  /** Never rejects. */
  async ask(question: Question): Promise<Verdict<LambdaPass>> {
    const { authorizer, apiName, identity } = question;
    const obstacle = obstacleIn(identity, authorizer);
    if (obstacle !== undefined) {
      return unauthorized(`${obstacle}, so the authorizer ${authorizer.name} is not asked`);
    }
    const key = JSON.stringify([apiName, authorizer.name, ...identity.map(({ value }) => value)]);
    const kept = this.#answers.get(key);
    const askedAt = Date.now();
    const answer = kept ?? (await this.#answer(question));
    if ('kind' in answer) return answer;
    try {
      const latencyMs = kept ? 0 : Date.now() - askedAt;
      const verdict = judgeAnswer(answer.value, { ...question, latencyMs });
      if (!kept && identity.length > 0) this.#answers.set(key, answer, authorizer.ttlMs);
      return verdict;
    } catch (error) {
      return failed(
        `the answer of the authorizer ${authorizer.name} is malformed: ${(error as Error).message}; ` +
          `correct its function ${authorizer.functionName}`,
      );
    }
  }

  async #answer(question: Question): Promise<{ readonly value: unknown } | Verdict<never>> {
    const { authorizer, event, traceId, timeoutMs } = question;
    const { name, functionName } = authorizer;
    const lambda = this.#functions.get(functionName);
    if (!lambda) return failed(`the authorizer ${name} has no function ${functionName}`);
    try {
      const result = await invokeWithin(lambda, { event: event(), traceId, timeoutMs });
      if (!result) {
        return failed(
          `the authorizer ${name} did not answer within ${timeoutMs} ms; make its function ${functionName} faster`,
        );
      }
      const isAnswer = result.statusCode === 200 && !result.functionError;
      return isAnswer ? { value: parseJson(result.payload) } : explainFailure(result, authorizer);
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      const problem = `the authorizer ${name} cannot be asked: ${message}`;
      return code === 'ASYNC_HTTP_EMULATOR_FUNCTION_UNUSABLE'
        ? { ...failed(problem), unusable: message }
        : failed(problem);
    }
  }
}

const unauthorized = (problem: string) => ({ kind: 'unauthorized', problem }) as const;
const failed = (problem: string) => ({ kind: 'failed', problem }) as const;

/** Why the function is not asked. */
function obstacleIn(
  identity: readonly Identity[],
  { input, ttlMs, tokenPattern }: LambdaAuthorizer,
): string | undefined {
  // A REQUEST authorizer of a REST API that keeps no answers decides itself what it needs.
  const needsAll = input !== 'REQUEST' || ttlMs > 0;
  const missing = identity.find(({ value }) => value === undefined);
  if (missing && needsAll) return `the request lacks ${missing.source}`;
  const [token] = identity;
  return tokenPattern !== undefined && !matches(tokenPattern, token?.value ?? '')
    ? `the token does not match ${tokenPattern}`
    : undefined;
}

function matches(pattern: string, token: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(token);
  } catch {
    // API Gateway takes expressions that JavaScript does not.
    return true;
  }
}

/** An error with the message "Unauthorized" refuses the request; any other is a mistake. */
function explainFailure(
  { functionError, payload, statusCode }: InvokeResult,
  { name, functionName }: LambdaAuthorizer,
): Verdict<never> {
  if (!functionError) {
    return failed(
      `the function ${functionName} of the authorizer ${name} did not run: Lambda answered with status ${statusCode}`,
    );
  }
  const value = parseJson(payload);
  const { errorType, errorMessage } = isRecord(value) ? value : {};
  if (errorMessage === 'Unauthorized') {
    return unauthorized(`the authorizer ${name} threw "Unauthorized"`);
  }
  return failed(
    `the authorizer ${name} failed: ${[errorType, errorMessage].filter(Boolean).join(': ')}; correct its function ` +
      `${functionName}, which refuses a request with a Deny or an error with the message "Unauthorized"`,
  );
}
