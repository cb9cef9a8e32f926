/** The two values of a hand-off's body, as the bytes in which they came. */
export interface JobBodyParts {
  readonly event: Buffer;
  readonly context: Buffer;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LAST_SPACE = 0x20; // Space, tab and line ends: JSON has no other byte up to it outside strings.

/**
 * Finds `event` and `context` in `{"event":…,"context":…}` without parsing them: what a user sent
 * stays as it was sent (numbers beyond 2^53 too), and 5 MB need no objects.
 *
 * @returns undefined when the body is no such object. The values themselves are not checked.
 */
export function splitJobBody(body: Buffer): JobBodyParts | undefined {
  const values = new Map<string, Buffer>();
  let at = skipSpace(body, 0);
  if (body[at] !== OPEN_BRACE) return undefined;
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
  while ((body[at] ?? QUOTE) <= LAST_SPACE) at += 1;
  return at;
}

/** The index after the string that begins at `from`, or the end of the body when it is not closed. */
function endOfString(body: Buffer, from: number): number {
  let at = from + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return Math.min(at + 1, body.length);
}

function endOfValue(body: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  while (at < body.length) {
    switch (body[at] ?? 0) {
      case QUOTE:
        at = endOfString(body, at);
        if (depth === 0) return at;
        continue;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth += 1;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0) return at + 1;
        break;
      case COMMA:
      case LAST_SPACE:
        if (depth === 0) return at;
        break;
    }
    at += 1;
  }
  return body.length;
}
