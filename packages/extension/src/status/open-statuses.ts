import { parseStore } from '@async-http/client/protocol';
import type { Hold } from '../hold/hold.ts';
import type { Log } from '../output/log.ts';
import { JobStatuses } from './job-statuses.ts';

/**
 * @returns undefined without `ASYNC_HTTP_STORE`, or if its value is not a table. Jobs still run then.
 */
export function openStatuses({
  env,
  hold,
  log,
}: {
  env: NodeJS.ProcessEnv;
  hold: Hold;
  log: Log;
}): JobStatuses | undefined {
  const { ASYNC_HTTP_STORE: store, ASYNC_HTTP_STORE_RESULTS: results } = env;
  if (!store) return undefined;
  const keepsResults = results === 'on';
  if (results !== undefined && !keepsResults) {
    log.warn(
      `ASYNC_HTTP_STORE_RESULTS must be "on", or not set; it is ${JSON.stringify(results)}, so no results are kept`,
    );
  }
  try {
    parseStore(store);
    return new JobStatuses({ env, keepsResults, hold, log });
  } catch (error) {
    const { message } = error as Error;
    log.warn(`ASYNC_HTTP_STORE ${message}, so the states of jobs are not written`);
    return undefined;
  }
}
