import { types } from 'node:util';
import type { ErrorFacts } from '../frames.ts';

/** An error that Lambda's runtime itself would report; `name` is its `errorType`, e.g. `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  override readonly name: string;

  constructor(
    type: `Runtime.${string}` | `Function.${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = type;
    // The place is in the user's code, not here.
    if (options?.cause instanceof Error && options.cause.stack) this.stack = options.cause.stack;
  }
}

/** What Lambda's runtime puts into an error record, whatever was thrown. Never throws. */
export function errorFacts(thrown: unknown): ErrorFacts {
  try {
    if (isErrorLike(thrown)) {
      return {
        errorType: String(thrown.name),
        errorMessage: String(thrown.message),
        stackTrace: typeof thrown.stack === 'string' ? thrown.stack.split('\n') : [],
        ...('retryAfterMs' in thrown && { retryAfterMs: Number(thrown.retryAfterMs) }),
      };
    }
    return { errorType: typeof thrown, errorMessage: String(thrown), stackTrace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'Something was thrown that cannot be read: its name, message or stack throws itself',
      stackTrace: [],
    };
  }
}

/** Errors of another realm (`node:vm`) are no `instanceof Error`. */
function isErrorLike(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}
