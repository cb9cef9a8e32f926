import { readEnvelope } from '@async-http/client/delivery';
import { describe, expect, it } from 'vitest';
import { startFauxqs } from '../support/fauxqs.ts';
import { startRecordingAws } from '../support/recording-aws.ts';
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

describe('a job is handed over', () => {
  it('to an SQS queue', async () => {
    const aws = await startFauxqs();
    const queue = await aws.createQueue('jobs');

    await sendInProcess(
      { arn: queue.arn, kind: 'delivery' },
      { AWS_ENDPOINT_URL_SQS: aws.endpoint },
    );

    expect((await queue.receive()).map(readEnvelope)).toEqual([envelope]);
  });

  it("to a Lambda function's own queue", async () => {
    const aws = await startRecordingAws(() => ({ status: 202 }));

    await sendInProcess({ arn: FUNCTION, kind: 'delivery' }, { AWS_ENDPOINT_URL: aws.endpoint });

    const [request] = aws.requests;
    expect(request?.headers['x-amz-invocation-type']).toBe('Event');
    expect(readEnvelope(request?.body)).toEqual(envelope);
  });
});

describe('a job is not accepted', () => {
  it('when the engine does not take it', async () => {
    const aws = await startRecordingAws(() => ({ status: 500 }));

    const { outcome, code } = await sendInProcess(
      { arn: FUNCTION, kind: 'delivery', timeoutMs: 1_500 },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    expect([outcome, code]).toEqual(['failed', 'ASYNC_HTTP_DESTINATION_UNREACHABLE']);
  });

  it('when it is larger than the engine takes; then nothing is sent', async () => {
    const aws = await startRecordingAws(() => ({ status: 202 }));
    const body = `{"event":"${'x'.repeat(1_048_576)}","context":{}}`;

    const { code, message } = await sendInProcess(
      { arn: FUNCTION, kind: 'delivery', body },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    expect(code).toBe('ASYNC_HTTP_PAYLOAD_TOO_LARGE');
    expect(message).toMatchInlineSnapshot(
      `"The job has 1048683 bytes. ASYNC_HTTP_DELIVERY (arn:aws:lambda:eu-west-1:123456789012:function:worker) takes 1048576, so it was not accepted. Put the data into S3 and hand off its key."`,
    );
    expect(aws.requests).toEqual([]);
  });
});
