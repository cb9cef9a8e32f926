import { RuntimeError } from './errors.ts';

/** Lambda's limit for a response, which is also one for the records of results. */
const LARGEST_RESULT = 6_291_556;

/**
 * The handler's result as JSON; `undefined` is `null`.
 *
 * @throws {RuntimeError} `Runtime.JSONStringifyError`, `Function.ResponseSizeTooLarge`.
 */
export function resultAsJson(result: unknown): Buffer {
  const json = Buffer.from(stringify(result));
  if (json.length > LARGEST_RESULT) {
    throw new RuntimeError(
      'Function.ResponseSizeTooLarge',
      `The result of the background handler has ${json.length} bytes, more than Lambda's maximum of ${LARGEST_RESULT}. Store it, and return where it is.`,
    );
  }
  return json;
}

function stringify(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (cause) {
    throw new RuntimeError(
      'Runtime.JSONStringifyError',
      `Unable to stringify the result of the background handler: ${cause}`,
      { cause },
    );
  }
}
