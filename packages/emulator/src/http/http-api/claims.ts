import type { Values } from '../../project/record.ts';
import { textValues } from '../authorizers/text-values.ts';

/**
 * The claims of a token as events of HTTP APIs have them: text. A list is `[a b]`.
 *
 * Seen on AWS: DefinitelyTyped pull request 75458, floci pull request 2011.
 */
export const toTextClaims = (claims: Values): Record<string, string> =>
  textValues(claims, (value) => toText(value));

function toText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toText).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
