/**
 * What was thrown, as text. Never throws, whatever it is: an object without a prototype cannot be converted, and a
 * getter can fail.
 */
export function textOf(thrown: unknown, part: 'message' | 'stack'): string {
  try {
    return String((thrown as Partial<Error> | undefined)?.[part] ?? thrown);
  } catch {
    return 'unreadable';
  }
}
