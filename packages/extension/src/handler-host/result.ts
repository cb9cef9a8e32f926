import { errorFacts } from './errors.ts';

/** Lambda's limit for a response, which is also one for the records of results. */
const LARGEST_RESULT = 6_291_556;

/** A result as JSON, `undefined` as `null`; or why there is none. The job is done either way. */
export function resultAsJson(result: unknown): { json: Buffer } | { omitted: string } {
  try {
    const json = Buffer.from(JSON.stringify(result) ?? 'null');
    if (json.length <= LARGEST_RESULT) return { json };
    return {
      omitted: `The result has ${json.length} bytes, more than Lambda's maximum of ${LARGEST_RESULT}. Store it, and return where it is.`,
    };
  } catch (error) {
    return { omitted: `The result cannot be written as JSON: ${errorFacts(error).errorMessage}` };
  }
}
