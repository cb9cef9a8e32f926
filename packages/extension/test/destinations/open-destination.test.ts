import { signatureOf, startRecordingAws } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { startFauxqs } from '../support/fauxqs.ts';
import { sendInProcess } from '../support/send-in-process.ts';

describe('a record reaches', () => {
  it('an SQS queue as the body of a message', async () => {
    const aws = await startFauxqs();
    const queue = await aws.createQueue('failures');

    const { outcome, json } = await sendInProcess(
      { arn: queue.arn },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    expect(outcome).toBe('sent');
    expect(await queue.receive()).toEqual([json]);
  });

  it('an SNS topic as a message', async () => {
    const aws = await startFauxqs();
    const queue = await aws.createQueue('subscriber');
    const topic = await aws.createTopic('failures', queue.arn);

    const { json } = await sendInProcess({ arn: topic.arn }, { AWS_ENDPOINT_URL: aws.endpoint });

    expect(await queue.receive()).toEqual([json]);
  });

  it('an S3 bucket as an object under the key that Lambda gives it', async () => {
    const aws = await startFauxqs();
    const bucket = await aws.createBucket('failures');

    const { json } = await sendInProcess({ arn: bucket.arn }, { AWS_ENDPOINT_URL: aws.endpoint });

    expect(await bucket.objects()).toEqual([
      {
        key: expect.stringMatching(
          /^aws\/lambda\/async\/shop\/2026\/11\/22\/2026-11-22T09\.05\.07-[0-9a-f-]{36}$/,
        ),
        contentType: 'application/json',
        body: json,
      },
    ]);
  });

  it('a Lambda function as the event of an asynchronous invocation', async () => {
    const aws = await startRecordingAws(() => ({ status: 202 }));
    const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:failures:live';

    const { json } = await sendInProcess({ arn }, { AWS_ENDPOINT_URL_LAMBDA: aws.endpoint });

    expect(aws.requests).toMatchObject([
      {
        method: 'POST',
        path: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
        headers: { 'x-amz-invocation-type': 'Event' },
        body: json,
      },
    ]);
  });

  it.each([
    [false, 'Failure'],
    [true, 'Success'],
  ])('an EventBridge bus as the detail of an event (success: %s)', async (isSuccess, word) => {
    const aws = await startRecordingAws(() => accepted);

    const { json } = await sendInProcess(
      { arn: BUS, isSuccess },
      { AWS_ENDPOINT_URL: aws.endpoint },
    );

    const [request] = aws.requests;
    expect(request?.headers['x-amz-target']).toBe('AWSEvents.PutEvents');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      Entries: [
        {
          EventBusName: BUS,
          Source: 'lambda',
          DetailType: `Lambda Function Invocation Result - ${word}`,
          Resources: [BUS, 'arn:aws:lambda:eu-west-1:123456789012:function:shop:$LATEST'],
          Time: Date.UTC(2026, 10, 22, 9, 5, 7) / 1_000,
          Detail: json,
        },
      ],
    });
  });
});

const BUS = 'arn:aws:events:us-east-1:123456789012:event-bus/results';
const accepted = { status: 200, body: '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}' };

it("signs with the environment's credentials for the destination's region", async () => {
  const aws = await startRecordingAws(() => accepted);

  await sendInProcess({ arn: BUS }, { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: aws.endpoint });

  const [request] = aws.requests;
  expect(request && signatureOf(request)).toMatchObject({
    key: 'AKIDTEST',
    region: 'us-east-1',
    service: 'events',
    signed: expect.stringContaining('x-amz-security-token'),
  });
  expect(request?.headers['x-amz-security-token']).toBe('session');
});

it.each([
  'arn:aws:sqs:eu-west-1:123456789012:q',
  'arn:aws:sns:eu-west-1:123456789012:t',
  'arn:aws:lambda:eu-west-1:123456789012:function:f',
  'arn:aws:s3:::bucket',
  BUS,
])('sends nothing to %s while it prepares for sending', async (arn) => {
  const aws = await startRecordingAws(() => ({ status: 500 }));

  await sendInProcess({ arn, kind: 'preload' }, { AWS_ENDPOINT_URL: aws.endpoint });

  expect(aws.requests).toEqual([]);
});
