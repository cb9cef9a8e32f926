import * as z from 'zod/mini';

/**
 * Schema of a variable that is a whole number in plain digits: `Number('')` is 0, and `Number('1e3')`
 * is no typo's friend. `fallback` is what it is without the variable.
 */
export function wholeNumber({
  min,
  max,
  fallback,
}: {
  min: number;
  max: number;
  fallback: number;
}) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.pipe(
    z._default(z.string({ error }).check(z.regex(/^\d{1,9}$/, { error })), String(fallback)),
    z.pipe(
      z.transform(Number),
      z.number().check(z.minimum(min, { error }), z.maximum(max, { error })),
    ),
  );
}
