/** What a place ends with: `:line`, `:line:column`, and a parenthesis in most frames. */
const LINE = /:(\d{1,9})(?::\d{1,9})?\)?$/;
/** Nothing longer is a path with a function's name before it. */
const LONGEST_PLACE = 8192;

/** @returns `/path/to/file.js:line`, the first place in a stack that is in a file; undefined if there is none. */
export function firstLocation(stackTrace: readonly string[]): string | undefined {
  for (const line of stackTrace) {
    const text = line.slice(-LONGEST_PLACE);
    const end = LINE.exec(text);
    if (!end) continue;
    // The head of a syntax error's stack is the place itself; frames have it at their end.
    const start = text.endsWith(')') ? text.lastIndexOf('(') + 1 : 0;
    const path = text
      .slice(start, end.index)
      .replace(/^ {4}at (?:async )?/, '')
      .replace(/^file:\/\//, '');
    if (path.startsWith('/')) return `${path}:${end[1]}`;
  }
  return undefined;
}
