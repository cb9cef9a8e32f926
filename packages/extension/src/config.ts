import * as z from 'zod/mini';
import { DeliveryVariable, DestinationVariables } from './destinations/destination-arn.ts';
import type {
  DestinationTarget,
  FunctionTarget,
  QueueTarget,
} from './destinations/destination-target.ts';
import { MetricsVariable } from './embedded-metrics.ts';
import { type RetryPolicy, RetryVariables } from './retry-policy.ts';
import { wholeNumber } from './whole-number.ts';

/** What the environment says, with a default for everything that is missing or bad. */
export interface Config {
  /** `ASYNC_HANDLER`; undefined when it is not set or malformed. */
  readonly handler: string | undefined;
  /** A sentence when `ASYNC_HANDLER` is not set and something would have to run here. Hand-offs are refused with it. */
  readonly missingHandler: string | undefined;
  /** How long before the function's deadline a running job is aborted; at most 20 % of the timeout. */
  readonly deadlineMarginMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly onFailure: DestinationTarget | undefined;
  readonly onSuccess: DestinationTarget | undefined;
  /** Who runs the jobs instead of this environment. */
  readonly engine: QueueTarget | FunctionTarget | undefined;
  readonly writesMetrics: boolean;
  /** Every bad variable, as a sentence each. While there is one, every hand-off is refused with them. */
  readonly problems: readonly string[];
  /** Names that look like ours and are not. */
  readonly unknownNames: readonly string[];
}

// Where a user is told what to write, the words are the same in every message.
const HANDLER_FORMS = '"path/to/module.export", or "path/to/module" for its default export';

const HandlerVariable = {
  ASYNC_HANDLER: z.string().check(
    z.regex(/^[^\s]+$/, {
      error: `must not be empty or contain spaces; set it to ${HANDLER_FORMS}`,
    }),
    z.refine((handler) => !handler.includes('..') && !/[./]$/.test(handler), {
      error: `must look like ${HANDLER_FORMS}, without ".."`,
    }),
  ),
};

const OptionalVariables = {
  ASYNC_HTTP_DEADLINE_MARGIN_MS: wholeNumber({ min: 100, max: 60_000, fallback: 1_000 }),
  ...RetryVariables,
  ...DestinationVariables,
  ...DeliveryVariable,
  ...MetricsVariable,
};

type Values = {
  readonly [Name in keyof typeof OptionalVariables]: z.infer<(typeof OptionalVariables)[Name]>;
};

/** Variables that other parts read: the client and the proxy. */
const VARIABLES_OF_OTHERS = ['ASYNC_HTTP_SOCKET'];

const KNOWN_NAMES = new Set([...Object.keys(OptionalVariables), ...VARIABLES_OF_OTHERS]);

/**
 * Reads every variable and reports all that is bad at once. It never throws: a function must not
 * fail to start because of us.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const read = <T>(name: string, schema: z.ZodMiniType<T>): T | undefined => {
    const result = z.safeParse(schema, env[name]);
    if (result.success) return result.data;
    problems.push(`${name} ${result.error.issues[0]?.message}`);
    return undefined;
  };
  const values = Object.fromEntries(
    Object.entries(OptionalVariables).map(([name, schema]: [string, z.ZodMiniType]) => [
      name,
      // A bad value counts as not set: the default is safe, and `problems` keeps anything from running.
      read(name, schema) ?? schema.parse(undefined),
    ]),
  ) as Values;
  const engine = values.ASYNC_HTTP_DELIVERY;
  const isSet = env.ASYNC_HANDLER !== undefined;
  return {
    handler: isSet ? read('ASYNC_HANDLER', HandlerVariable.ASYNC_HANDLER) : undefined,
    // An engine's consumer has the handler; here it may be left out.
    missingHandler:
      isSet || engine ? undefined : `ASYNC_HANDLER is missing; set it to ${HANDLER_FORMS}`,
    deadlineMarginMs: values.ASYNC_HTTP_DEADLINE_MARGIN_MS,
    retryPolicy: {
      maxRetryAttempts: values.ASYNC_HTTP_MAX_RETRY_ATTEMPTS,
      maxEventAgeMs: values.ASYNC_HTTP_MAX_EVENT_AGE_SECONDS * 1_000,
    },
    onFailure: values.ASYNC_HTTP_ON_FAILURE,
    onSuccess: values.ASYNC_HTTP_ON_SUCCESS,
    engine,
    writesMetrics: values.ASYNC_HTTP_METRICS === 'emf',
    problems,
    unknownNames: Object.keys(env).filter(
      (name) => name.startsWith('ASYNC_HTTP_') && !KNOWN_NAMES.has(name),
    ),
  };
}
