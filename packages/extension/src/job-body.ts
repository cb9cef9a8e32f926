/** The two values of a hand-off's body, as the bytes in which they came. */
export interface JobBodyParts {
  readonly event: Buffer;
  readonly context: Buffer;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x5b, 0x7b]); // [ {
const CLOSE = new Set([0x5d, 0x7d]); // ] }
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Finds `event` and `context` in `{"event":…,"context":…}` without parsing them: what a user sent
 * stays as it was sent (numbers beyond 2^53 too), and 5 MB need no objects.
 *
 * @returns undefined when the body is no such object. The values themselves are not checked.
 */
export function splitJobBody(body: Buffer): JobBodyParts | undefined {
  const values = new Map<string, Buffer>();
  let at = skipSpace(body, 0);
  if (body[at] !== 0x7b) return undefined;
  do {
    const keyStart = skipSpace(body, at + 1);
    const keyEnd = endOfString(body, keyStart);
    const colon = skipSpace(body, keyEnd);
    if (body[keyStart] !== QUOTE || body[colon] !== COLON) return undefined;
    const start = skipSpace(body, colon + 1);
    const end = endOfValue(body, start);
    values.set(body.toString('utf8', keyStart + 1, keyEnd - 1), body.subarray(start, end));
    at = skipSpace(body, end);
  } while (body[at] === COMMA);
  const event = values.get('event');
  const context = values.get('context');
  return event?.length && context?.length ? { event, context } : undefined;
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  while (SPACE.has(body[at] ?? 0)) at += 1;
  return at;
}

/** The index after the string that begins at `from`; the end of the body when it is not closed. */
function endOfString(body: Buffer, from: number): number {
  let at = from;
  while (true) {
    at = body.indexOf(QUOTE, at + 1);
    if (at === -1) return body.length;
    let backslashes = 0;
    while (body[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

function endOfValue(body: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  while (at < body.length) {
    const byte = body[at] ?? 0;
    if (byte === QUOTE) {
      at = endOfString(body, at);
    } else {
      if (CLOSE.has(byte) && depth === 0) return at;
      if (OPEN.has(byte)) depth += 1;
      else if (CLOSE.has(byte)) depth -= 1;
      else if (depth === 0 && (byte === COMMA || SPACE.has(byte))) return at;
      at += 1;
    }
    if (depth === 0 && (byte === QUOTE || CLOSE.has(byte))) return at;
  }
  return body.length;
}
