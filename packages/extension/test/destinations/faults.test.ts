import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { startRecordingAws } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { startFauxqs } from '../support/fauxqs.ts';
import { sendInProcess } from '../support/send-in-process.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:failures';
const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:failures';
const BUS = 'arn:aws:events:eu-west-1:123456789012:event-bus/failures';

const accepted = { status: 202 };
const refusal = (status: number, errorType: string, message: string) => ({
  status,
  headers: { 'x-amzn-errortype': errorType, 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('what passes is tried again until it works', () => {
  it.each([
    ['throttling', refusal(429, 'TooManyRequestsException', 'Rate exceeded')],
    ['throttling without its status', refusal(400, 'ThrottlingException', 'Rate exceeded')],
    ['a fault of the service', refusal(500, 'ServiceException', 'oops')],
    ['an answer that makes no sense', { status: 503, body: '<html>' }],
    ['a connection that breaks', 'reset' as const],
  ])('%s', async (_, fault) => {
    const aws = await startRecordingAws((n) => (n < 2 ? fault : accepted));

    const { outcome } = await sendInProcess({ arn: FUNCTION }, { AWS_ENDPOINT_URL: aws.endpoint });

    expect(outcome).toBe('sent');
    expect(aws.requests).toHaveLength(3);
  });

  it('an entry that EventBridge refuses within a 200', async () => {
    const throttled =
      '{"FailedEntryCount":1,"Entries":[{"ErrorCode":"ThrottlingException","ErrorMessage":"slow"}]}';
    const fine = '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}';
    const aws = await startRecordingAws((n) => ({ status: 200, body: n === 0 ? throttled : fine }));

    const { outcome } = await sendInProcess({ arn: BUS }, { AWS_ENDPOINT_URL: aws.endpoint });

    expect(outcome).toBe('sent');
    expect(aws.requests).toHaveLength(2);
  });
});

describe('what does not pass by itself is tried twice, and said', () => {
  it('a missing permission, with the action that is missing', async () => {
    const aws = await startRecordingAws(() =>
      refusal(403, 'AccessDeniedException', 'User: shop is not authorized'),
    );

    const { code, message } = await sendInProcess(
      { arn: FUNCTION },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    expect(aws.requests).toHaveLength(2);
    expect(code).toBe('ASYNC_HTTP_DESTINATION_DENIED');
    expect(message).toMatchInlineSnapshot(
      `"Could not deliver to arn:aws:lambda:eu-west-1:123456789012:function:failures: AccessDeniedException (status 403): User: shop is not authorized. Allow the function's role lambda:InvokeFunction on arn:aws:lambda:eu-west-1:123456789012:function:failures, and the use of its KMS key if it has one."`,
    );
  });

  it('a queue that does not exist', async () => {
    const aws = await startFauxqs();

    const { code, message } = await sendInProcess(
      { arn: QUEUE },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    expect(code).toBe('ASYNC_HTTP_DESTINATION_NOT_FOUND');
    expect(message).toMatchInlineSnapshot(
      `"Could not deliver to arn:aws:sqs:eu-west-1:123456789012:failures: QueueDoesNotExist (status 400): The specified queue does not exist. Create it, or correct the ARN."`,
    );
  });

  it('a bucket that does not exist', async () => {
    const aws = await startFauxqs();

    const { code } = await sendInProcess(
      { arn: 'arn:aws:s3:::nowhere' },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    expect(code).toBe('ASYNC_HTTP_DESTINATION_NOT_FOUND');
  });

  it('an entry that EventBridge will not take', async () => {
    const body =
      '{"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"no"}]}';
    const aws = await startRecordingAws(() => ({ status: 200, body }));

    const { code } = await sendInProcess({ arn: BUS }, { AWS_ENDPOINT_URL: aws.endpoint });

    expect(code).toBe('ASYNC_HTTP_DESTINATION_REJECTED');
    expect(aws.requests).toHaveLength(2);
  });

  it('credentials that are missing', async () => {
    const aws = await startRecordingAws(() => accepted);

    const { code } = await sendInProcess(
      { arn: FUNCTION },
      {
        AWS_ENDPOINT_URL: aws.endpoint,
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
        AWS_EC2_METADATA_DISABLED: 'true',
        HOME: '/nonexistent',
      },
    );

    expect(code).toBe('ASYNC_HTTP_DESTINATION_DENIED');
    expect(aws.requests).toEqual([]);
  });
});

describe('when the time is over, it settles', () => {
  it('while nobody listens there', async () => {
    const endpoint = `http://127.0.0.1:${await closedPort()}`;

    const { code, message } = await sendInProcess(
      { arn: QUEUE, timeoutMs: 1_500 },
      { AWS_ENDPOINT_URL: endpoint },
    );

    expect(code).toBe('ASYNC_HTTP_DESTINATION_UNREACHABLE');
    expect(message).toContain('ECONNREFUSED');
  });

  it('while the service does not answer', async () => {
    const aws = await startRecordingAws(() => 'silence');

    const { code, message } = await sendInProcess(
      { arn: FUNCTION, timeoutMs: 1_500 },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    expect(code).toBe('ASYNC_HTTP_DESTINATION_UNREACHABLE');
    expect(message).toMatchInlineSnapshot(
      `"Could not deliver to arn:aws:lambda:eu-west-1:123456789012:function:failures: TimeoutError: no answer before the time for it was over. A function in a VPC reaches it only through a NAT gateway or a VPC endpoint."`,
    );
  });

  it('and names what went wrong before, rather than the time', async () => {
    const aws = await startRecordingAws((n) =>
      n === 0 ? refusal(429, 'TooManyRequestsException', 'Rate exceeded') : 'silence',
    );

    const { code } = await sendInProcess(
      { arn: FUNCTION, timeoutMs: 2_000 },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    expect(code).toBe('ASYNC_HTTP_DESTINATION_THROTTLED');
  });
});
