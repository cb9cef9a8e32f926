/** The reply when `CUSTOM_RES` is not set. */
const DEFAULT_RESPONSE = { statusCode: 200, body: 'ok' };

export interface CustomResponse {
  readonly response: object | string | number | boolean | null;
  /** What looks like a mistake in the text, in a sentence. */
  readonly warning?: string;
}

/** Reads `CUSTOM_RES`: JSON stands for its value, any other text for itself. */
export function readCustomResponse(text: string | undefined): CustomResponse {
  if (text === undefined || text === '') return { response: DEFAULT_RESPONSE };
  try {
    return { response: JSON.parse(text) };
  } catch (error) {
    if (!/^\s*[{[]/.test(text)) return { response: text };
    return {
      response: text,
      warning:
        `CUSTOM_RES looks like JSON but cannot be parsed (${(error as SyntaxError).message}), so callers get it as text. ` +
        'Correct it if it was meant as JSON.',
    };
  }
}

/** The header in which callers find the id of the job. */
const JOB_ID_HEADER = 'async-http-job-id';

/**
 * Adds the job's id, and where to ask how it is doing, to a response that has a status, and so may have headers; any other
 * one stays what it is.
 *
 * @param statusPath of the API, such as `/jobs`; the id follows it
 */
export function withJobId(
  response: CustomResponse['response'],
  jobId: string,
  statusPath?: string,
): unknown {
  if (typeof response !== 'object' || response === null || !('statusCode' in response)) {
    return response;
  }
  const { headers } = response as { headers?: object };
  const location = statusPath && { location: `${statusPath.replace(/\/$/, '')}/${jobId}` };
  return { ...response, headers: { ...headers, [JOB_ID_HEADER]: jobId, ...location } };
}
