import type { InvokeResult, Lambda } from '../lambda-types.ts';
import type { IntegrationResult } from './exchange.ts';
import type { HttpAnswer } from './http-answer.ts';
import { type InvokeWithinOptions, invokeWithin } from './invoke-within.ts';

/** How a protocol puts into HTTP what comes back from Lambda. `problem` is for the person who runs it. */
export interface Wording {
  /** @throws when the function's response is malformed; then the answer is `failed`. */
  read(payload: Buffer, contentType: string): HttpAnswer;
  /** Reads the error of a function that failed. Default: the answer is `failed`. */
  readError?(payload: Buffer, problem: string): HttpAnswer;
  /** The function failed, or its response is malformed. */
  failed(problem: string): HttpAnswer;
  /** Lambda rejected the invoke. */
  refused(problem: string): HttpAnswer;
  /** The event is larger than Lambda takes. */
  tooLarge(problem: string): HttpAnswer;
  /** The function cannot be started here; Lambda has no such answer. */
  unusable(reason: string, problem: string): HttpAnswer;
  timedOut(problem: string): HttpAnswer;
}

export interface IntegrateOptions extends InvokeWithinOptions {
  readonly wording: Wording;
}

/** Invokes a function and turns what comes back into an HTTP answer. Never rejects. */
export async function integrate(
  lambda: Lambda,
  { wording, ...options }: IntegrateOptions,
): Promise<IntegrationResult> {
  try {
    const result = await invokeWithin(lambda, options);
    if (result) return { answer: toAnswer(result, wording), invoke: result };
    const problem = `no response within the integration timeout of ${options.timeoutMs} ms; the function keeps running`;
    return { answer: wording.timedOut(problem) };
  } catch (error) {
    if ((error as { code?: string }).code === 'ASYNC_HTTP_EMULATOR_FUNCTION_UNUSABLE') {
      return { answer: wording.unusable((error as Error).message, 'the function cannot run') };
    }
    return { answer: wording.failed(`the invoke failed: ${(error as Error).message}`) };
  }
}

function toAnswer(result: InvokeResult, wording: Wording): HttpAnswer {
  if (result.functionError) {
    const problem = 'the function failed';
    return wording.readError?.(result.payload, problem) ?? wording.failed(problem);
  }
  switch (result.statusCode) {
    case 200:
      return read(result, wording);
    case 413:
      return wording.tooLarge('the event is larger than the 6 MB that Lambda takes');
    case 429:
      return wording.refused(
        'Lambda throttled the request: every environment that the function may have is busy',
      );
    default:
      return wording.refused(`Lambda answered with status ${result.statusCode}`);
  }
}

function read({ payload, contentType }: InvokeResult, wording: Wording): HttpAnswer {
  try {
    return wording.read(payload, contentType);
  } catch (error) {
    return wording.failed(malformed(error as Error));
  }
}

/** The problem of a response that the front door cannot read. */
export const malformed = ({ message }: Error): string =>
  `the response of the function is malformed: ${message}`;
