/** An error for the person at the terminal: a sentence for those we know, a stack for the others. */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return `Error: ${String(error)}`;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('ASYNC_HTTP_')) {
    return `Error: ${error.stack ?? error.message}`;
  }
  const [first = '', ...more] = error.message.split('\n');
  return [`Error: ${first.replace(/:?$/, ` (${code})$&`)}`, ...more].join('\n');
}
