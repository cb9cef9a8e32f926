import { readCookies } from '../http-api/response-2.ts';
import type { StreamWording } from '../streaming/answer-stream.ts';
import { WITHOUT_DELIMITER } from '../streaming/metadata.ts';
import { readRestHead } from './response.ts';

/**
 * What the client of a REST API gets with the response transfer mode `STREAM`: every response begins with metadata,
 * whatever its content type.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export const REST_STREAM: Pick<StreamWording, 'headOf' | 'read' | 'readMetadata'> = {
  headOf: () => undefined,
  readMetadata(metadata) {
    const { statusCode, headers } = readRestHead(metadata);
    return { statusCode, headers: [...headers, ...readCookies(metadata.cookies)] };
  },
  read() {
    throw new TypeError(WITHOUT_DELIMITER);
  },
};
