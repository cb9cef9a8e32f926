/** An error for the person at the terminal: a sentence for those we know, a stack for the others. */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('ASYNC_HTTP_'))
    return error.stack ?? error.message;
  // What follows the first line is the output of another program.
  const [first = '', ...more] = error.message.split('\n');
  return [first.replace(/:?$/, ` (${code})$&`), ...more].join('\n');
}
