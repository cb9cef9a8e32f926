import type { InvokeStoreBase } from '@aws/lambda-invoke-store';
import { currentJob } from './jobs.ts';
import { jsonLine, LEVELS, type Level, textLine } from './log-format.ts';

/** What the invoke store says outside of a job. */
const NO_REQUEST = '-';

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
}): void {
  const isJson = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
  const toLine = isJson ? jsonLine : textLine;
  const lowest = Math.max(0, LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase() as Level));

  const at = (level: Level) => {
    if (LEVELS.indexOf(level) < lowest) return () => {};
    return (message?: unknown, ...params: unknown[]) => {
      const requestId = store.getRequestId();
      const { jobId, attempt } = currentJob(store) ?? {};
      const facts = {
        timestamp: new Date().toISOString(),
        level,
        requestId: requestId === NO_REQUEST && !isNewRuntime ? undefined : requestId,
        jobId,
        attempt,
        tenantId: store.getTenantId(),
      };
      const errors = isNewRuntime ? params : [message, ...params];
      process.stdout.write(toLine(facts, message, params, errors));
    };
  };

  const info = at('INFO');
  Object.assign(console, {
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info,
    log: info,
    warn: at('WARN'),
    error: at('ERROR'),
    fatal: at('FATAL'),
  });
}
