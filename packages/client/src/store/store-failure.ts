import { TableError } from './table.ts';

/** Why a request to the store failed, for the operator. */
export interface StoreFailure {
  /** A sentence, without its full stop. */
  readonly reason: string;
  /** What to do; empty if nothing more is known than the reason. */
  readonly advice: string;
  /** Whether the same request may succeed a moment later. */
  readonly isTransient: boolean;
}

const THROTTLED = /Throttl|ThroughputExceeded|RequestLimitExceeded/;
const DENIED =
  /AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken|MissingAuthentication/;

/** @param error of a `TableError` or of anything else that a request has come to */
export function describeFailure(error: unknown, table: string): StoreFailure {
  const { name, message, status } =
    error instanceof TableError ? error : new TableError('Error', String(error));
  const reason = `the table ${table} could not be used (${name}: ${message})`;
  if (name === 'ResourceNotFoundException') {
    return {
      reason,
      advice: 'Create the table, or correct ASYNC_HTTP_STORE.',
      isTransient: false,
    };
  }
  if (DENIED.test(name)) {
    const actions = 'dynamodb:GetItem, PutItem, UpdateItem and DeleteItem';
    return {
      reason,
      advice: `Allow the function's role ${actions} on the table, and the use of its KMS key if it has one.`,
      isTransient: false,
    };
  }
  if (name === 'ValidationException' || name === 'SerializationException') {
    const advice =
      'The partition key of the table must be a string with the name "id", without a sort key.';
    return { reason, advice, isTransient: false };
  }
  if (THROTTLED.test(name)) {
    return {
      reason,
      advice: "Raise the table's capacity, or make it on-demand.",
      isTransient: true,
    };
  }
  if (name === 'ConditionalCheckFailedException') {
    return {
      reason,
      advice: 'If this repeats, something else has written the item: delete it.',
      // It may have been released in this moment.
      isTransient: true,
    };
  }
  const isAnswered = status !== undefined;
  return {
    reason,
    advice: isAnswered
      ? ''
      : 'A function in a VPC reaches DynamoDB only through a NAT gateway or a VPC endpoint.',
    isTransient: !isAnswered || status === 429 || status >= 500,
  };
}
