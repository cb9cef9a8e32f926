import { setTimeout as delay } from 'node:timers/promises';
import type { InvokeResult, Lambda } from '../lambda-types.ts';
import { gatewayAnswer, type HttpAnswer } from './http-answer.ts';
import { readResponse } from './response.ts';

/** The answer for the client, and the invoke that made it, when there was one in time. */
export interface IntegrationResult {
  readonly answer: HttpAnswer;
  readonly invoke?: InvokeResult;
}

export interface IntegrationOptions {
  readonly event: unknown;
  readonly traceId: string;
  /** How long to wait for the response; `Infinity` for a function URL. The function runs on afterwards. */
  readonly timeoutMs: number;
  /** Status for a function that failed: 500 of an HTTP API, 502 of a function URL. */
  readonly errorStatusCode: 500 | 502;
}

/** Invokes a function and turns what comes back into an HTTP answer. Never rejects. */
export async function integrate(
  lambda: Lambda,
  { event, traceId, timeoutMs, errorStatusCode }: IntegrationOptions,
): Promise<IntegrationResult> {
  const timer = new AbortController();
  const invoke = lambda.invoke(event, { traceId });
  try {
    const result = await Promise.race([invoke, ...timeout(timeoutMs, timer.signal)]);
    if (result === TIMED_OUT) {
      return {
        answer: gatewayAnswer(
          503,
          'Service Unavailable',
          `no response within the integration timeout of ${timeoutMs} ms; the function runs on`,
        ),
      };
    }
    return { answer: toAnswer(result, errorStatusCode), invoke: result };
  } catch (error) {
    if ((error as { code?: string }).code === 'ASYNC_HTTP_EMULATOR_FUNCTION_UNUSABLE') {
      return { answer: gatewayAnswer(502, (error as Error).message, 'the function cannot run') };
    }
    const problem = `the invoke failed: ${(error as Error).message}`;
    return { answer: gatewayAnswer(errorStatusCode, 'Internal Server Error', problem) };
  } finally {
    timer.abort();
    // After a timeout nobody waits for the invoke any more.
    invoke.catch(() => undefined);
  }
}

const TIMED_OUT = Symbol('timed out');

function timeout(ms: number, signal: AbortSignal): Promise<typeof TIMED_OUT>[] {
  return Number.isFinite(ms) ? [delay(ms, TIMED_OUT, { signal })] : [];
}

function toAnswer(result: InvokeResult, errorStatusCode: number): HttpAnswer {
  if (result.functionError) {
    return gatewayAnswer(errorStatusCode, 'Internal Server Error', 'the function failed');
  }
  switch (result.statusCode) {
    case 200:
      return readResponse(result.payload);
    case 413:
      return gatewayAnswer(
        413,
        'Request Entity Too Large',
        'the event is larger than the 6 MB that Lambda takes',
      );
    case 429:
      return gatewayAnswer(
        errorStatusCode,
        'Internal Server Error',
        'Lambda throttled the request: every environment that the function may have is busy',
      );
    default:
      return gatewayAnswer(
        errorStatusCode,
        'Internal Server Error',
        `Lambda answered with status ${result.statusCode}`,
      );
  }
}
