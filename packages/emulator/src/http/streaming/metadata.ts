/** Content type of a stream that begins with the status code and headers of the answer. */
export const WITH_METADATA = 'application/vnd.awslambda.http-integration-response';

export const WITHOUT_DELIMITER = 'it ends before the 8 NUL bytes that follow the metadata';

/** Between the metadata and the body. */
const DELIMITER = Buffer.alloc(8);
/** The delimiter has to come within the first 16 KB. */
const MAX_METADATA_BYTES = 16 * 1024;

/**
 * Splits a stream into its metadata, JSON, and the body behind it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export class MetadataReader {
  #received = Buffer.alloc(0);

  /**
   * @returns both as soon as the delimiter is there.
   * @throws when it does not come in time.
   */
  add(chunk: Buffer): { metadata: Buffer; body: Buffer } | undefined {
    this.#received = Buffer.concat([this.#received, chunk]);
    const at = this.#received.indexOf(DELIMITER);
    if (at >= 0 && at <= MAX_METADATA_BYTES) {
      const body = this.#received.subarray(at + DELIMITER.length);
      return { metadata: this.#received.subarray(0, at), body };
    }
    if (this.#received.length > MAX_METADATA_BYTES + DELIMITER.length) {
      throw new TypeError('the 8 NUL bytes behind its metadata are not within the first 16 KB');
    }
    return undefined;
  }
}
