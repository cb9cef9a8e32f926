import { readEnvelope } from '@async-http/client/delivery';
import { startRecordingAws } from '@async-http/test-support';
import { expect, it } from 'vitest';
import { startFauxqs } from '../support/fauxqs.ts';
import { sendInProcess } from '../support/send-in-process.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:worker';
const envelope = {
  asyncHttpVersion: '1',
  jobId: 'r1.1',
  requestId: 'r1',
  acceptedAt: 1_800_000_000_000,
  event: { order: 7 },
  context: { awsRequestId: 'r1' },
};

it('a job reaches an SQS queue', async () => {
  const aws = await startFauxqs();
  const queue = await aws.createQueue('jobs');

  await sendInProcess({ arn: queue.arn, kind: 'delivery' }, { AWS_ENDPOINT_URL_SQS: aws.endpoint });

  expect((await queue.receive()).map(readEnvelope)).toEqual([envelope]);
});

it("a job reaches a Lambda function's own queue", async () => {
  const aws = await startRecordingAws(() => ({ status: 202 }));

  await sendInProcess({ arn: FUNCTION, kind: 'delivery' }, { AWS_ENDPOINT_URL: aws.endpoint });

  const [request] = aws.requests;
  expect(request?.headers['x-amz-invocation-type']).toBe('Event');
  expect(readEnvelope(request?.body)).toEqual(envelope);
});

it('an engine that does not take it says so', async () => {
  const aws = await startRecordingAws(() => ({ status: 500 }));

  const { outcome, code } = await sendInProcess(
    { arn: FUNCTION, kind: 'delivery', timeoutMs: 1_500 },
    { AWS_ENDPOINT_URL: aws.endpoint },
  );

  expect([outcome, code]).toEqual(['failed', 'ASYNC_HTTP_DESTINATION_UNREACHABLE']);
});
