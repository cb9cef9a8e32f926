import { formatPath, PayloadInvalidError, type PayloadIssue } from '../errors.ts';
import type { ContextData } from '../protocol/index.ts';
import { textOf } from './text-of.ts';

interface Parts {
  readonly event: unknown;
  readonly context: ContextData;
}

type Subject = keyof Parts;

/** A job as it is handed off: two texts of JSON, and their lengths in UTF-8. */
export interface JobJson {
  readonly event: string;
  readonly eventBytes: number;
  readonly context: string;
  readonly contextBytes: number;
}

/**
 * Writes event and context as JSON. The rules are those of `JSON.stringify` (`toJSON` is honoured; `undefined`,
 * functions and symbols inside objects are left out), but the event itself cannot vanish, and an error
 * says where the trouble is.
 *
 * @throws {PayloadInvalidError} when the event is `undefined`, a function or a symbol, and for a BigInt,
 * a cycle, or a getter or `toJSON` that throws, anywhere.
 */
export function toJobJson(event: unknown, context: ContextData): JobJson {
  let json: string | undefined;
  let contextJson: string;
  try {
    json = JSON.stringify(event);
    contextJson = JSON.stringify(context);
  } catch (cause) {
    const { subject, issue } = locate({ event, context }, cause);
    throw new PayloadInvalidError({ subject, issues: [issue], cause });
  }
  if (json === undefined) {
    const message = `${describeNothing(event)}, which JSON cannot hold; pass null for "no data"`;
    throw new PayloadInvalidError({ subject: 'event', issues: [{ path: [], message }] });
  }
  return {
    event: json,
    eventBytes: Buffer.byteLength(json),
    context: contextJson,
    contextBytes: Buffer.byteLength(contextJson),
  };
}

function describeNothing(event: unknown): string {
  if (event === undefined) return 'is undefined';
  return typeof event === 'object' ? 'has a toJSON() that returns nothing' : `is a ${typeof event}`;
}

/** Looks for the value that stopped `JSON.stringify`; slow, so only done once it is known that there is one. */
function locate(body: Parts, cause: unknown): { subject: Subject; issue: PayloadIssue } {
  for (const subject of ['event', 'context'] as const) {
    try {
      const issue = firstObstacle(body[subject], [], new Map(), subject);
      if (issue !== undefined) return { subject, issue };
    } catch {
      break; // Nested too deeply for this walk as well.
    }
  }
  const message = `cannot be written as JSON: ${textOf(cause, 'message')}`;
  return { subject: 'event', issue: { path: [], message } };
}

/** Visits values in the order of `JSON.stringify`, so what it finds first is what stopped that. */
function firstObstacle(
  original: unknown,
  path: readonly PropertyKey[],
  ancestors: Map<object, readonly PropertyKey[]>,
  subject: Subject,
): PayloadIssue | undefined {
  let value = original;
  try {
    const { toJSON } = Object(value) as { toJSON?: unknown };
    if (typeof toJSON === 'function') value = toJSON.call(value, String(path.at(-1) ?? ''));
  } catch (error) {
    return { path, message: `has a toJSON() that throws: ${textOf(error, 'message')}` };
  }
  if (typeof value === 'bigint') {
    return { path, message: 'is a BigInt, which JSON cannot hold; convert it to a string' };
  }
  if (typeof value !== 'object' || value === null) return undefined;

  const above = ancestors.get(value);
  if (above !== undefined) {
    const message = `is ${formatPath(subject, above)} again, and JSON cannot hold a cycle`;
    return { path, message };
  }
  ancestors.set(value, path);
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of keys) {
    const inner = [...path, key];
    let member: unknown;
    try {
      member = (value as Record<PropertyKey, unknown>)[key];
    } catch (error) {
      return { path: inner, message: `has a getter that throws: ${textOf(error, 'message')}` };
    }
    const found = firstObstacle(member, inner, ancestors, subject);
    if (found !== undefined) return found;
  }
  ancestors.delete(value);
  return undefined;
}
