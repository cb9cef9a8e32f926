/** The head of a syntax error's stack is the place itself; frames carry it at their end, with a column. */
const PLACE = /(?:^|[( ])(?:file:\/\/)?(\/[^()]*?:\d+)(?::\d+)?\)?$/;

/**
 * The first place in a stack that is in the user's code: neither in Node.js nor in our own program.
 *
 * @returns `/path/to/file.js:line`, or undefined if the stack names none.
 */
export function firstUserLocation(
  stackTrace: readonly string[],
  ownFolder: string,
): string | undefined {
  for (const line of stackTrace) {
    const place = PLACE.exec(line)?.[1];
    if (place !== undefined && !place.startsWith(`${ownFolder}/`)) return place;
  }
  return undefined;
}
