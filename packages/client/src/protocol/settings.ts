import { cpuShare, usualMarginMs } from './budget.ts';
import {
  parseDestination,
  parseEngine,
  parseSuccessDestination,
  Wrong,
} from './destination-arn.ts';
import type { DestinationTarget, FunctionTarget, QueueTarget } from './destination-target.ts';
import { findUnknownNames } from './unknown-names.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment variables say, with a default for everything that is missing or bad. */
export interface Settings {
  /** `ASYNC_HANDLER`; undefined when it is not set or malformed. */
  readonly handler: string | undefined;
  /** How long before the function's deadline a running job is aborted; at most a fifth of the timeout. */
  readonly deadlineMarginMs: number;
  readonly maxRetryAttempts: number;
  readonly maxEventAgeMs: number;
  readonly onFailure: DestinationTarget | undefined;
  readonly onSuccess: DestinationTarget | undefined;
  /** Who runs the jobs instead of this environment. */
  readonly engine: QueueTarget | FunctionTarget | undefined;
  readonly writesMetrics: boolean;
  /** Every bad variable, as a sentence each. While there is one, every hand-off is refused with them. */
  readonly problems: readonly string[];
  /** A sentence when `ASYNC_HANDLER` is not set and something would have to run here: a problem for hand-offs only. */
  readonly missingHandler: string | undefined;
  /** What looks like a mistake and keeps nothing from running, as a sentence each. */
  readonly warnings: readonly string[];
}

// Where a user is told what to write, the words are the same in every message.
const HANDLER_FORMS = '"path/to/module.export", or "path/to/module" for its default export';

/**
 * Reads every variable and reports all that is bad at once. It never throws: a function must not fail to start
 * because of us.
 */
export function readSettings(env: Environment): Settings {
  const unknown = findUnknownNames(env);
  const problems = [...unknown.problems];
  const read = <T>(name: string, parse: (value: string) => T, fallback: T): T => {
    const value = env[name];
    if (value === undefined) return fallback;
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      problems.push(`${name} ${error.message}`);
      return fallback; // Safe, because `problems` keeps anything from running.
    }
  };
  const engine = read('ASYNC_HTTP_DELIVERY', parseEngine, undefined);
  const isMissing = env.ASYNC_HANDLER === undefined && engine === undefined;
  return {
    handler: read('ASYNC_HANDLER', checkHandler, undefined),
    deadlineMarginMs: read(
      'ASYNC_HTTP_DEADLINE_MARGIN_MS',
      wholeNumber(100, 60_000),
      usualMarginMs(cpuShare(Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE))),
    ),
    // The words and defaults of Lambda's asynchronous invocation. It stops at 2 retries; here they cost no
    // minutes of waiting, so more of them make sense.
    maxRetryAttempts: read('ASYNC_HTTP_MAX_RETRY_ATTEMPTS', wholeNumber(0, 10), 2),
    maxEventAgeMs:
      read('ASYNC_HTTP_MAX_EVENT_AGE_SECONDS', wholeNumber(60, 21_600), 21_600) * 1_000,
    onFailure: read<DestinationTarget | undefined>(
      'ASYNC_HTTP_ON_FAILURE',
      parseDestination,
      undefined,
    ),
    onSuccess: read<DestinationTarget | undefined>(
      'ASYNC_HTTP_ON_SUCCESS',
      parseSuccessDestination,
      undefined,
    ),
    engine,
    writesMetrics: env.ASYNC_HTTP_METRICS === 'emf',
    problems,
    // An engine's consumer has the handler; here it may be left out.
    missingHandler: isMissing ? `ASYNC_HANDLER is missing; set it to ${HANDLER_FORMS}` : undefined,
    warnings: [
      ...unknown.warnings,
      ...checkWord(env, 'ASYNC_HTTP_METRICS', /^emf$/, [
        '"emf", or not set for no metrics',
        'no metrics are written',
      ]),
      ...checkWord(env, 'ASYNC_HTTP_TRACE', /^(child|link)$/, [
        '"child" or "link"',
        'it counts as "child"',
      ]),
    ],
  };
}

/** For variables that keep nothing from running. */
function checkWord(
  env: Environment,
  name: string,
  words: RegExp,
  [form, effect]: [string, string],
): string[] {
  const value = env[name];
  if (value === undefined || words.test(value)) return [];
  return [`${name} must be ${form}; it is ${JSON.stringify(value)}, so ${effect}`];
}

function checkHandler(handler: string): string {
  if (!/^\S+$/.test(handler)) {
    throw new Wrong(`must not be empty or contain spaces; set it to ${HANDLER_FORMS}`);
  }
  if (handler.includes('..') || /[./]$/.test(handler)) {
    throw new Wrong(`must look like ${HANDLER_FORMS}, without ".."`);
  }
  const [ending] = /\.[cm]?[jt]sx?$/.exec(handler) ?? [];
  if (ending !== undefined) {
    const module = handler.slice(0, -ending.length);
    throw new Wrong(
      `must end with the name of an export and not with "${ending}": "${module}.background", or "${module}" for the default export`,
    );
  }
  return handler;
}

/** Plain digits only: `Number('')` would be 0, and `Number('1e3')` 1000. */
function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d{1,9}$/.test(value) || number < min || number > max) {
      throw new Wrong(`must be a whole number from ${min} to ${max}`);
    }
    return number;
  };
}
