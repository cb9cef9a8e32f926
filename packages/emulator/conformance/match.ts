import { isDeepStrictEqual } from 'node:util';
import type { Expectation } from './rule.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** What an answer has that it should not, one line for each difference. */
export function differences(expected: Expectation, { status, headers, text }: Answer): string[] {
  const { json, jsonHas } = expected;
  return [
    ...compare('status', expected.status, status),
    ...Object.entries(expected.headers ?? {}).flatMap(([name, value]) =>
      compare(name, value, headers[name]),
    ),
    ...(expected.text === undefined ? [] : compare('body', expected.text, text)),
    ...(json === undefined ? [] : compare('body', json, parsed(text))),
    ...(jsonHas === undefined ? [] : compare('body', jsonHas, parsed(text), true)),
  ];
}

/** @param isPart whether objects may have more than is expected. */
function compare(what: string, expected: unknown, actual: unknown, isPart = false): string[] {
  if (isObject(expected) && isObject(actual)) {
    const keys = Object.keys(isPart ? expected : { ...expected, ...actual });
    return keys.flatMap((key) => compare(`${what}.${key}`, expected[key], actual[key], isPart));
  }
  const isMet =
    expected instanceof RegExp
      ? typeof actual === 'string' && expected.test(actual)
      : isDeepStrictEqual(expected, actual);
  return isMet ? [] : [`${what} is ${shown(actual)}, not ${shown(expected)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** The text itself, where it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const LONGEST = 300;

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = value instanceof RegExp ? `like ${value}` : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}
