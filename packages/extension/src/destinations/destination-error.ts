/** What a failed send means. `isPermanent` ones do not get better by waiting. */
export type DestinationErrorCode =
  /** The role lacks a permission, or the credentials are not valid. Permanent. */
  | 'ASYNC_HTTP_DESTINATION_DENIED'
  /** There is no such queue, topic, bus, function or bucket. Permanent. */
  | 'ASYNC_HTTP_DESTINATION_NOT_FOUND'
  /** The service does not take this record, e.g. because it is too large. Permanent. */
  | 'ASYNC_HTTP_DESTINATION_REJECTED'
  /** The service asks to slow down. */
  | 'ASYNC_HTTP_DESTINATION_THROTTLED'
  /** No answer, or one that says that the service is in trouble. */
  | 'ASYNC_HTTP_DESTINATION_UNREACHABLE'
  /** The layer was built without the client of this service. Permanent. */
  | 'ASYNC_HTTP_DESTINATION_CLIENT_MISSING';

/** A record or job could not be sent. */
export class DestinationError extends Error {
  override readonly name = 'DestinationError';
  readonly code: DestinationErrorCode;
  /** ARN of the destination. */
  readonly destination: string;

  constructor({
    code,
    destination,
    message,
    cause,
  }: {
    code: DestinationErrorCode;
    destination: string;
    message: string;
    cause: unknown;
  }) {
    super(message, { cause });
    this.code = code;
    this.destination = destination;
  }

  /** Whether another try could end differently without anybody doing something. */
  get isPermanent(): boolean {
    return (
      this.code !== 'ASYNC_HTTP_DESTINATION_THROTTLED' &&
      this.code !== 'ASYNC_HTTP_DESTINATION_UNREACHABLE'
    );
  }
}
