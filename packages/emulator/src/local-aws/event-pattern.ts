import { isRecord, type Values } from '../project/record.ts';

/**
 * Whether an event has what a pattern of EventBridge asks for, in the part of its language that Lambda's filters
 * take. A rule that is not known matches nothing.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
export function matchesEvent(pattern: Values, event: Values): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or' && Array.isArray(wanted)) {
      return wanted.some((one) => isRecord(one) && matchesEvent(one, event));
    }
    const value = event[key];
    if (Array.isArray(wanted)) return wanted.some((rule) => matchesRule(rule, value));
    if (!isRecord(wanted)) return false;
    return listOf(value).some((part) => matchesEvent(wanted, isRecord(part) ? part : {}));
  });
}

/** Of a list in the event, one item is enough. */
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function matchesRule(rule: unknown, value: unknown): boolean {
  if (isRecord(rule) && 'exists' in rule) {
    return (value !== undefined && !isRecord(value)) === rule.exists;
  }
  return value !== undefined && listOf(value).some((item) => matchesValue(rule, item));
}

function matchesValue(rule: unknown, value: unknown): boolean {
  if (!isRecord(rule)) return rule === value;
  const [[name, operand] = ['', undefined]] = Object.entries(rule);
  const text = typeof value === 'string' ? value : undefined;
  switch (name) {
    case 'prefix':
      return typeof operand === 'string' && text?.startsWith(operand) === true;
    case 'suffix':
      return typeof operand === 'string' && text?.endsWith(operand) === true;
    case 'equals-ignore-case':
      return typeof operand === 'string' && text?.toLowerCase() === operand.toLowerCase();
    case 'anything-but':
      return !listOf(operand).some((other) => matchesValue(other, value));
    case 'numeric':
      return typeof value === 'number' && isInRange(value, listOf(operand));
    default:
      return false;
  }
}

/** The range is `['>', 0, '<=', 5]`. */
function isInRange(value: number, range: readonly unknown[]): boolean {
  for (let index = 0; index < range.length; index += 2) {
    if (!compares(value, range[index], Number(range[index + 1]))) return false;
  }
  return range.length > 0;
}

function compares(value: number, operator: unknown, limit: number): boolean {
  switch (operator) {
    case '=':
      return value === limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    default:
      return false;
  }
}
