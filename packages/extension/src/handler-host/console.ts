import type { InvokeStoreBase } from '@aws/lambda-invoke-store';
import { errorFacts } from './errors.ts';
import { jsonLine, LEVELS, type Level, textLine } from './log-format.ts';

/** What the invoke store says outside of a job. */
const NO_REQUEST = '-';

/** Logs an error in the runtime's form: `Invoke Error`, a tab, and the error as JSON; or as a JSON entry. */
export type LogError = (kind: string, thrown: unknown) => void;

/**
 * Makes `console` print as in Lambda's Node.js runtime: format, level and request id of the job that
 * the line belongs to. Levels below `AWS_LAMBDA_LOG_LEVEL` are dropped.
 *
 * @see "Using Lambda advanced logging controls with Node.js"
 */
export function patchConsole({
  env,
  store,
  isNewRuntime,
}: {
  env: NodeJS.ProcessEnv;
  store: InvokeStoreBase;
  /** Whether to print like the runtime of Node.js 24, and not like that of Node.js 22. */
  isNewRuntime: boolean;
}): LogError {
  const isJson = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
  const toLine = isJson ? jsonLine : textLine;
  const lowest = Math.max(0, LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase() as Level));

  const at = (level: Level) => {
    if (LEVELS.indexOf(level) < lowest) return () => {};
    return (message?: unknown, ...params: unknown[]) => {
      const requestId = store.getRequestId();
      const facts = {
        timestamp: new Date().toISOString(),
        level,
        requestId: requestId === NO_REQUEST && !isNewRuntime ? undefined : requestId,
        tenantId: store.getTenantId(),
      };
      const errors = isNewRuntime ? params : [message, ...params];
      process.stdout.write(toLine(facts, message, params, errors));
    };
  };

  const error = at('ERROR');
  const info = at('INFO');
  Object.assign(console, {
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info,
    log: info,
    warn: at('WARN'),
    error,
    fatal: at('FATAL'),
  });

  return (kind, thrown) => {
    try {
      const reason = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (isJson) error(reason);
      else error(kind, `\t${JSON.stringify(reason, errorsAsObjects)}`);
    } catch {
      // It holds what JSON cannot, e.g. a cycle or a BigInt, or reading it throws.
      const facts = errorFacts(thrown);
      if (isJson) error(facts);
      else error(kind, `\t${JSON.stringify(facts)}`);
    }
  };
}

function errorsAsObjects(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return {
    errorType: value.name,
    errorMessage: value.message,
    code: (value as NodeJS.ErrnoException).code,
    ...value,
    ...(typeof value.stack === 'string' && { stack: value.stack.split('\n') }),
  };
}
