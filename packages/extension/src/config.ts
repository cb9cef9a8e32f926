import * as z from 'zod/mini';

/** What the environment says, with a default for everything that is missing or bad. */
export interface Config {
  /** `ASYNC_HANDLER`; undefined when it is missing or malformed, `problems` then says which. */
  readonly handler: string | undefined;
  /** How long before the function's deadline a running job is aborted; at most 20 % of the timeout. */
  readonly deadlineMarginMs: number;
  /** Every bad variable, as a sentence each. While there is one, every hand-off is refused with them. */
  readonly problems: readonly string[];
  /** Names that look like ours and are not. */
  readonly unknownNames: readonly string[];
}

// Where a user is told what to write, the words are the same in every message.
const HANDLER_FORMS = '"path/to/module.export", or "path/to/module" for its default export';

const Variables = {
  ASYNC_HANDLER: z.string({ error: `is missing; set it to ${HANDLER_FORMS}` }).check(
    z.regex(/^[^\s]+$/, {
      error: `must not be empty or contain spaces; set it to ${HANDLER_FORMS}`,
    }),
    z.refine(
      (handler) => !handler.includes('..') && !handler.endsWith('/') && !/\.$/.test(handler),
      {
        error: `must look like ${HANDLER_FORMS}, without ".."`,
      },
    ),
  ),
  ASYNC_HTTP_DEADLINE_MARGIN_MS: integer({ min: 100, max: 60_000, fallback: 1_000 }),
};

/** Names that other parts read (the client, the proxy, the layer's entry). */
const NAMES_OF_OTHERS = ['ASYNC_HTTP_SOCKET'];

/**
 * Reads every variable and reports all that is bad at once. It never throws: a function must not
 * fail to start because of us.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const read = <T>(name: keyof typeof Variables, schema: z.ZodMiniType<T>): T | undefined => {
    const result = z.safeParse(schema, env[name]);
    if (result.success) return result.data;
    problems.push(`${name} ${result.error.issues[0]?.message}`);
    return undefined;
  };
  const known = new Set([...Object.keys(Variables), ...NAMES_OF_OTHERS]);
  return {
    handler: read('ASYNC_HANDLER', Variables.ASYNC_HANDLER),
    deadlineMarginMs:
      read('ASYNC_HTTP_DEADLINE_MARGIN_MS', Variables.ASYNC_HTTP_DEADLINE_MARGIN_MS) ?? 1_000,
    problems,
    unknownNames: Object.keys(env).filter(
      (name) => name.startsWith('ASYNC_HTTP_') && !known.has(name),
    ),
  };
}

/** A whole number in words of its own: `Number('')` is 0, and `Number('1e3')` is no typo's friend. */
function integer({ min, max, fallback }: { min: number; max: number; fallback: number }) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,9}$/, { error })), String(fallback)),
    z.pipe(
      z.transform(Number),
      z.number().check(z.minimum(min, { error }), z.maximum(max, { error })),
    ),
  );
}
