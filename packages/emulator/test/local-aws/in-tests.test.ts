import { expect, it, onTestFinished } from 'vitest';
import { type LocalServicesOptions, startLocalAws } from '../../src/index.ts';
import { folder } from '../support/layer.ts';
import { start } from '../support/start.ts';

const FAILED = 'arn:aws:sqs:eu-west-1:123456789012:FailedJobs';

async function startServices(options: LocalServicesOptions) {
  const aws = await startLocalAws(options);
  onTestFinished(() => aws.close());
  return aws;
}

it('a function of startLambda() sends to the local services, and the test sees what', async () => {
  const seen: string[] = [];
  const aws = await startServices({
    environment: {
      FAILED,
      QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/FailedJobs',
    },
    onMessage: ({ body }) => seen.push(body),
  });
  const code = await folder({
    'index.mjs': `
      const { AWS_ENDPOINT_URL_SQS, QUEUE_URL } = process.env;
      export const handler = async (event) => {
        const response = await fetch(AWS_ENDPOINT_URL_SQS, {
          method: 'POST',
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': 'AmazonSQS.SendMessage',
            authorization:
              'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=local',
          },
          body: JSON.stringify({ QueueUrl: QUEUE_URL, MessageBody: event.text }),
        });
        return response.status;
      };`,
  });
  const lambda = await start({ code, environment: aws.environment });

  const { payload } = await lambda.invoke({ text: 'no luck' });
  await aws.settled();

  expect(payload.toString()).toBe('200');
  expect(aws.messages).toEqual([{ service: 'sqs', resource: 'FailedJobs', body: 'no luck' }]);
  expect(seen).toEqual(['no luck']);
});

it('the variables lead every client of the five services there, and queue URLs too', async () => {
  const { url, environment } = await startServices({
    environment: { TABLE: 'orders', JOBS: 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs' },
  });

  expect(environment).toEqual({
    TABLE: 'orders',
    JOBS: `${url}/123456789012/jobs`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: url,
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_SNS: url,
    AWS_ENDPOINT_URL_SQS: url,
  });
});

it('a name that AWS would refuse is an error', async () => {
  const environment = { BUCKET: 'arn:aws:s3:::Not_A_Bucket' };

  await expect(startLocalAws({ environment })).rejects.toMatchObject({
    code: 'ASYNC_HTTP_EMULATOR_LOCAL_AWS_REFUSED',
  });
});
