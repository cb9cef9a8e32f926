import { type DestinationTarget, SEND_ACTIONS } from '@async-http/client/protocol';
import { DestinationError, type DestinationErrorCode } from './destination-error.ts';

/** The parts of an AWS SDK error that matter here; a socket error has a `code` and none of them. */
interface ServiceFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

// By name first: the services do not agree on statuses (SQS answers 400 for a queue that is missing,
// Lambda 502 for a key it may not use).
const THROTTLED = /throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown|OverLimit/i;
const BAD_CREDENTIALS =
  /Credentials|Token|UnrecognizedClient|Signature|InvalidAccessKeyId|TimeTooSkewed/;
const DENIED = /AccessDenied|Authoriz|Forbidden/i;
const MISSING = /NotFound|NoSuch|NonExistent|DoesNotExist/;
const TIMED_OUT = /^RequestTimeout/;

/** Turns what a client threw into an error that says what it means and what to do. */
export function classifyFailure(target: DestinationTarget, cause: unknown): DestinationError {
  if (cause instanceof DestinationError) return cause;
  const failure = (cause ?? {}) as ServiceFailure;
  const [code, advice] = judge(target, failure);
  const status = failure.$metadata?.httpStatusCode;
  const name = failure.code ?? failure.name ?? 'Error';
  const said = `${name}${status === undefined ? '' : ` (status ${status})`}: ${failure.message || 'no message'}`;
  return new DestinationError({
    code,
    destination: target.arn,
    message: `Could not deliver to ${target.arn}: ${said.replace(/\.?$/, '.')} ${advice}`,
    cause,
  });
}

function judge(target: DestinationTarget, failure: ServiceFailure): [DestinationErrorCode, string] {
  const { name = '' } = failure;
  const status = failure.$metadata?.httpStatusCode;
  if (status === 429 || THROTTLED.test(name)) {
    return ['ASYNC_HTTP_DESTINATION_THROTTLED', 'Raise the quota of the service, or send less.'];
  }
  if (BAD_CREDENTIALS.test(name)) {
    return [
      'ASYNC_HTTP_DESTINATION_DENIED',
      "The credentials in the function's environment are not valid; remove any AWS_ACCESS_KEY_ID that you have set.",
    ];
  }
  if (status === 401 || status === 403 || DENIED.test(name)) {
    const resource = target.service === 's3' ? `${target.arn}/*` : target.arn;
    return [
      'ASYNC_HTTP_DESTINATION_DENIED',
      `Allow the function's role ${SEND_ACTIONS[target.service]} on ${resource}, and the use of its KMS key if it has one.`,
    ];
  }
  if (status === 404 || MISSING.test(name)) {
    return ['ASYNC_HTTP_DESTINATION_NOT_FOUND', 'Create it, or correct the ARN.'];
  }
  // Below 300, its answer has broken off, or is not its own. 409: it is just being changed.
  const isTransient = status === undefined || status < 300 || status >= 500 || status === 409;
  if (isTransient || TIMED_OUT.test(name)) {
    return [
      'ASYNC_HTTP_DESTINATION_UNREACHABLE',
      `A function in a VPC reaches it only through a NAT gateway or a VPC endpoint.`,
    ];
  }
  return [
    'ASYNC_HTTP_DESTINATION_REJECTED',
    'The service rejects this message; resending it unchanged will not help.',
  ];
}
