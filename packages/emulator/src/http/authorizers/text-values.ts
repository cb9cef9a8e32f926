import type { Values } from '../../project/record.ts';

/** Values as events have them: text, and nothing for null. */
export const textValues = (
  values: Values,
  toText: (value: unknown, name: string) => string = String,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, toText(value, name)]],
    ),
  );
