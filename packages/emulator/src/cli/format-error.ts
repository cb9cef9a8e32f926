/** An error for the person at the terminal: a sentence for those we know, a stack for the others. */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return `Error: ${String(error)}`;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('ASYNC_HTTP_')
    ? `Error: ${error.message} (${code})`
    : `Error: ${error.stack ?? error.message}`;
}
