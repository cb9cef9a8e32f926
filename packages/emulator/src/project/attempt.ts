/** The result, or the error if it is about the project; any other error is thrown. */
export function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (String(code).startsWith('ASYNC_HTTP_EMULATOR_')) return error as Error;
    throw error;
  }
}
