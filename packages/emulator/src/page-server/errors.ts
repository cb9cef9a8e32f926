/** Answers a request that does not come from the page. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
  readonly code = 'ASYNC_HTTP_EMULATOR_PAGE_FORBIDDEN';

  constructor(problem: string) {
    super(
      `${problem}, so nothing was done. Only the page of this run may ask: open the address that dev has printed, or reload it.`,
    );
  }
}

/** Answers an action that cannot be understood. */
export class ActionInvalidError extends Error {
  override readonly name = 'ActionInvalidError';
  readonly code = 'ASYNC_HTTP_EMULATOR_ACTION_INVALID';

  constructor(problem: string) {
    super(`The action is not valid, so nothing was done: ${problem}.`);
  }
}

/** Answers an action on a function that the project does not have. */
export class NoSuchFunctionError extends Error {
  override readonly name = 'NoSuchFunctionError';
  readonly code = 'ASYNC_HTTP_EMULATOR_FUNCTION_UNKNOWN';

  constructor(name: string, known: readonly string[]) {
    super(`There is no function ${name}, so nothing was done. There are: ${known.join(', ')}.`);
  }
}
