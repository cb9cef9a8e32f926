import { dirname } from 'node:path';
import { types } from 'node:util';
import type { ErrorFacts } from '../handler-process/frames.ts';

const LONGEST_NAME = 256;
const LONGEST_MESSAGE = 8 * 1024;
/** A message has its type before it. */
const LONGEST_LINE = LONGEST_MESSAGE + 1024;
const LONGEST_STACK = 16 * 1024;
const MOST_LINES = 50;
const MOST_CAUSES = 5;

/** Frames of this program say nothing about the user's. */
const OWN_FOLDER = `${dirname(process.argv[1] ?? '/-')}/`;

/** An error that Lambda's runtime itself would report; `name` is its `errorType`, e.g. `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  override readonly name: string;

  constructor(
    type: `Runtime.${string}` | `Function.${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = type;
    // The place is in the user's code, not here.
    if (options?.cause instanceof Error && options.cause.stack) this.stack = options.cause.stack;
  }
}

/** What Lambda's runtime puts into an error record, whatever was thrown, cut to a size that fits one. Never throws. */
export function errorFacts(thrown: unknown): ErrorFacts {
  try {
    if (!isErrorLike(thrown)) {
      return {
        errorType: typeof thrown,
        errorMessage: cut(String(thrown), LONGEST_MESSAGE),
        stackTrace: [],
      };
    }
    return {
      errorType: cut(String(thrown.name), LONGEST_NAME),
      errorMessage: cut(String(thrown.message), LONGEST_MESSAGE),
      stackTrace: stackOf(thrown),
      ...('retryAfterMs' in thrown && { retryAfterMs: Number(thrown.retryAfterMs) }),
    };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'Something was thrown that cannot be read: its name, message or stack throws itself',
      stackTrace: [],
    };
  }
}

/** Errors of another realm (`node:vm`) are no `instanceof Error`. */
function isErrorLike(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}

function stackOf(error: Error): string[] {
  const lines = linesOf(error);
  // A RuntimeError shows the stack of its cause.
  let { cause } = error instanceof RuntimeError ? ({} as Error) : error;
  for (let depth = 0; isErrorLike(cause) && cause !== error && depth < MOST_CAUSES; depth += 1) {
    const [first, ...others] = linesOf(cause);
    lines.push(`Caused by: ${first}`, ...others);
    cause = cause.cause;
  }
  let bytes = 0;
  const fitting = lines.findIndex((line, index) => {
    bytes += Buffer.byteLength(line) + 1;
    return index === MOST_LINES || bytes > LONGEST_STACK;
  });
  if (fitting === -1) return lines;
  return [...lines.slice(0, fitting), `… (${lines.length - fitting} lines were cut)`];
}

/** The stack down to the user's last frame, with the message as it is cut elsewhere. */
function linesOf({ name, message, stack }: Error): string[] {
  if (typeof stack !== 'string') return [cut(`${name}: ${message}`, LONGEST_MESSAGE)];
  const text =
    message.length > LONGEST_MESSAGE / 4
      ? stack.replace(message, () => cut(message, LONGEST_MESSAGE))
      : stack;
  const lines = text
    .slice(0, 4 * LONGEST_STACK)
    .split('\n')
    .filter((line) => !isFrame(line) || !line.includes(OWN_FOLDER))
    .map((line) => cut(line, LONGEST_LINE));
  const last = lines.findLastIndex(isUsers);
  return last === -1 ? lines : lines.filter((line, index) => index <= last || !isFrame(line));
}

function isFrame(line: string): boolean {
  return line.startsWith('    at ');
}

function isUsers(line: string): boolean {
  return isFrame(line) && !line.includes('node:') && !line.endsWith('(<anonymous>)');
}

/** The longest start of a text that has at most so many bytes, with a note if that is not all of it. */
function cut(text: string, maxBytes: number): string {
  // No character has less than a byte for each of its UTF-16 units.
  const { read } = new TextEncoder().encodeInto(text.slice(0, maxBytes), new Uint8Array(maxBytes));
  return read === text.length
    ? text
    : `${text.slice(0, read)}… (cut: it has ${text.length} characters)`;
}
