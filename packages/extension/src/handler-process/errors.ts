import type { AttemptResult } from './contract.ts';
import type { ErrorFacts } from './frames.ts';

/**
 * The background handler cannot be loaded, so no job can run.
 * `errorType` is the name that Lambda gives to the same mistake in a function's own handler.
 */
export class HandlerLoadError extends Error {
  override readonly name = 'HandlerLoadError';
  readonly code = 'ASYNC_HTTP_HANDLER_UNAVAILABLE';
  readonly handler: string;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace: readonly string[];

  constructor(facts: {
    handler: string;
    errorType: string;
    errorMessage: string;
    stackTrace: readonly string[];
    /** File and line in the user's code, where known. */
    where?: string | undefined;
  }) {
    super(
      `The background handler '${facts.handler}' (ASYNC_HANDLER) cannot be loaded, so no job is accepted: ` +
        `${facts.errorType}: ${facts.errorMessage}${facts.where ? ` (at ${facts.where})` : ''}${hintFor(facts.errorMessage)}`,
    );
    this.handler = facts.handler;
    this.errorType = facts.errorType;
    this.errorMessage = facts.errorMessage;
    this.stackTrace = facts.stackTrace;
  }
}

/** Node.js says it in a warning, on another line. */
function hintFor(errorMessage: string): string {
  const isEsModule = /import statement outside a module|Unexpected token 'export'/;
  if (!isEsModule.test(errorMessage)) return '';
  return '. The file is an ES module, and Node.js reads it as CommonJS: set "type": "module" in package.json, let its name end in .mjs, or have your build write CommonJS';
}

/** What an attempt comes to whose process ended under it, or never came to run it. */
export function failedWithProcess(facts: ErrorFacts): AttemptResult {
  const { errorType, errorMessage, stackTrace } = facts;
  return {
    status: 'failed',
    errorType,
    errorMessage,
    stackTrace,
    cause: 'process',
    retriable: true,
  };
}
