import type { Head } from '../http-answer.ts';
import { readHead2 } from '../http-api/response-2.ts';
import type { StreamWording } from '../streaming/answer-stream.ts';
import { WITH_METADATA, WITHOUT_DELIMITER } from '../streaming/metadata.ts';

const plain = (contentType: string): Head => ({
  statusCode: 200,
  headers: [['content-type', contentType]],
});

/**
 * What the client of a function URL with the invoke mode `RESPONSE_STREAM` gets: only a response of the content
 * type for metadata is more than a body. So the JSON of a handler that does not stream is the body.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export const URL_STREAM: Pick<StreamWording, 'headOf' | 'read' | 'readMetadata'> = {
  headOf: (contentType) => (contentType === WITH_METADATA ? undefined : plain(contentType)),
  readMetadata: (metadata) =>
    readHead2({ statusCode: 200, ...metadata }, 'application/octet-stream'),
  read(payload, contentType) {
    if (contentType === WITH_METADATA) throw new TypeError(WITHOUT_DELIMITER);
    return { ...plain(contentType), body: payload };
  },
};
