import type { Values } from '../../project/record.ts';
import { textValues } from '../authorizers/text-values.ts';

/** Dates, written as Java does: `Tue Jun 07 22:03:59 UTC 2016`. */
const DATES = ['exp', 'iat'];

/**
 * The claims of a Cognito user pool's token as events of REST APIs have them: text. A list is `a,b`.
 *
 * @see https://github.com/awsdocs/amazon-api-gateway-developer-guide/issues/158
 * @see https://aws.amazon.com/blogs/mobile/integrating-amazon-cognito-user-pools-with-api-gateway/
 */
export const toCognitoClaims = (claims: Values): Record<string, string> =>
  textValues(claims, toText);

function toText(value: unknown, name: string): string {
  if (DATES.includes(name) && typeof value === 'number') return toDate(value);
  if (Array.isArray(value)) return value.map(String).join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toDate(seconds: number): string {
  // Tue, 07 Jun 2016 22:03:59 GMT
  const [weekday, day, month, year, time] = new Date(seconds * 1000).toUTCString().split(/,? /);
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
