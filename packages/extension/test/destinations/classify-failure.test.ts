import { expect, it } from 'vitest';
import { classifyFailure } from '../../src/destinations/classify-failure.ts';

const queue = {
  service: 'sqs',
  arn: 'arn:aws:sqs:eu-west-1:123456789012:q',
  partition: 'aws',
  region: 'eu-west-1',
  account: '123456789012',
  name: 'q',
} as const;

const failure = (name: string, status?: number) =>
  Object.assign(new Error('said the service'), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  });

// Names and statuses as the services send them.
it.each([
  ['RequestThrottled', 403, 'THROTTLED'],
  ['KMSThrottlingException', 400, 'THROTTLED'],
  ['EC2ThrottledException', 502, 'THROTTLED'],
  ['SlowDown', 503, 'THROTTLED'],
  ['QueueDoesNotExist', 400, 'NOT_FOUND'],
  ['AWS.SimpleQueueService.NonExistentQueue', 400, 'NOT_FOUND'],
  ['NoSuchBucket', 404, 'NOT_FOUND'],
  ['ResourceNotFoundException', 404, 'NOT_FOUND'],
  ['AuthorizationErrorException', 403, 'DENIED'],
  ['KMSAccessDeniedException', 502, 'DENIED'],
  ['ExpiredTokenException', 403, 'DENIED'],
  ['UnrecognizedClientException', 403, 'DENIED'],
  ['CredentialsProviderError', undefined, 'DENIED'],
  ['InvalidMessageContents', 400, 'REJECTED'],
  ['RequestTooLargeException', 413, 'REJECTED'],
  ['ResourceConflictException', 409, 'UNREACHABLE'],
  ['RequestTimeout', 400, 'UNREACHABLE'],
  ['InternalFailure', 500, 'UNREACHABLE'],
  ['TimeoutError', undefined, 'UNREACHABLE'],
  ['ECONNRESET', 200, 'UNREACHABLE'],
])('%s (%s) means %s', (name, status, code) => {
  expect(classifyFailure(queue, failure(name, status)).code).toBe(`ASYNC_HTTP_DESTINATION_${code}`);
});

it('says what to do', () => {
  const messages = [
    failure('AccessDenied', 403),
    failure('ExpiredToken', 403),
    failure('QueueDoesNotExist', 400),
    failure('InvalidMessageContents', 400),
    failure('RequestThrottled', 403),
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
  ].map((cause) => classifyFailure(queue, cause).message);

  expect(messages).toMatchInlineSnapshot(`
    [
      "Could not deliver to arn:aws:sqs:eu-west-1:123456789012:q: AccessDenied (status 403): said the service. Allow the function's role sqs:SendMessage on arn:aws:sqs:eu-west-1:123456789012:q, and the use of its KMS key if it has one.",
      "Could not deliver to arn:aws:sqs:eu-west-1:123456789012:q: ExpiredToken (status 403): said the service. The credentials in the function's environment are not valid; remove any AWS_ACCESS_KEY_ID that you have set.",
      "Could not deliver to arn:aws:sqs:eu-west-1:123456789012:q: QueueDoesNotExist (status 400): said the service. Create it, or correct the ARN.",
      "Could not deliver to arn:aws:sqs:eu-west-1:123456789012:q: InvalidMessageContents (status 400): said the service. The service rejects this message; resending it unchanged will not help.",
      "Could not deliver to arn:aws:sqs:eu-west-1:123456789012:q: RequestThrottled (status 403): said the service. Raise the quota of the service, or send less.",
      "Could not deliver to arn:aws:sqs:eu-west-1:123456789012:q: ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1. A function in a VPC reaches it only through a NAT gateway or a VPC endpoint.",
    ]
  `);
});
