import { startRecordingAws } from '@async-http/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import {
  invoke,
  linesWith,
  ONE_RUNTIME,
  type Runtime,
  startFunction,
} from './support/start-function.ts';
import { isSignedWith } from './support/verify-signature.ts';

let fauxqs: Fauxqs;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
afterAll(() => fauxqs.close());

const BUS = 'arn:aws:events:eu-central-1:123456789012:event-bus/orders';
const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:cleanup';
/** What the emulator gives to a function where there are no credentials. */
const SECRET_KEY = 'local';

function start(runtime: Runtime, environment: Record<string, string>) {
  return startFunction({
    runtime,
    name: 'shop',
    environment: {
      ASYNC_HANDLER: 'jobs/attempts.byEvent',
      AWS_ENDPOINT_URL: fauxqs.endpoint,
      ...environment,
    },
  });
}

describe.each(ONE_RUNTIME)('the record of a job arrives, on %s,', (runtime) => {
  it('at an SQS queue: a failure, with every field that Lambda writes', async () => {
    const queue = await fauxqs.createQueue(`failures-${runtime.slice(0, -2)}`);
    const lambda = await start(runtime, { ASYNC_HTTP_ON_FAILURE: queue.arn });

    const { requestId } = await invoke(lambda, { does: 'fails', order: 7 });
    await lambda.idle();

    expect(await queue.receive()).toEqual([
      {
        version: '1.0',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        requestContext: {
          requestId,
          functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:shop:$LATEST',
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: { does: 'fails', order: 7 },
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: 'Unhandled',
        },
        responsePayload: {
          errorType: 'RangeError',
          errorMessage: 'failure 3',
          trace: expect.arrayContaining([expect.stringContaining('RangeError: failure 3')]),
        },
      },
    ]);
  });

  it('at an SNS topic: a success, with what the handler returned', async () => {
    const topic = await fauxqs.createTopic(`successes-${runtime.slice(0, -2)}`);
    const lambda = await start(runtime, { ASYNC_HTTP_ON_SUCCESS: topic.arn });

    const { requestId } = await invoke(lambda, { does: 'fails', untilAttempt: 2 });
    await lambda.idle();

    expect(await topic.receive()).toEqual([
      {
        version: '1.0',
        timestamp: expect.any(String),
        requestContext: {
          requestId,
          functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:shop:$LATEST',
          condition: 'Success',
          approximateInvokeCount: 2,
        },
        requestPayload: { does: 'fails', untilAttempt: 2 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: { attempt: 2 },
      },
    ]);
  });

  it("in an S3 bucket, under the key of Lambda's own records", async () => {
    const bucket = await fauxqs.createBucket(`failures-${runtime.slice(0, -2)}`);
    const lambda = await start(runtime, { ASYNC_HTTP_ON_FAILURE: bucket.arn });

    await invoke(lambda, { does: 'gives up' });
    await lambda.idle();

    const [{ key, record } = { key: '', record: undefined }, ...more] = await bucket.objects();
    expect(more).toEqual([]);
    expect(key).toMatch(
      /^aws\/lambda\/async\/shop\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
    );
    expect(record?.requestContext.condition).toBe('RetriesExhausted');
  });

  it('at an EventBridge bus of another region, in a signed request', async () => {
    const aws = await startRecordingAws(() => ({
      status: 200,
      body: '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}',
    }));
    const lambda = await start(runtime, {
      ASYNC_HTTP_ON_FAILURE: BUS,
      AWS_ENDPOINT_URL_EVENTBRIDGE: aws.endpoint,
    });

    await invoke(lambda, { does: 'gives up' });
    await lambda.idle();

    const [request, ...more] = aws.requests;
    expect(more).toEqual([]);
    if (!request) throw new Error('nothing was sent');
    expect(isSignedWith(SECRET_KEY, request)).toBe(true);
    expect(request.headers.authorization).toContain('/eu-central-1/events/aws4_request');
    const [entry] = JSON.parse(request.body).Entries;
    expect(entry).toMatchObject({
      EventBusName: BUS,
      Source: 'lambda',
      DetailType: 'Lambda Function Invocation Result - Failure',
      Resources: [BUS, 'arn:aws:lambda:us-east-1:123456789012:function:shop:$LATEST'],
    });
    expect(JSON.parse(entry.Detail).requestPayload).toEqual({ does: 'gives up' });
  });

  it('at a Lambda function, as an asynchronous invocation in a signed request', async () => {
    const aws = await startRecordingAws(() => ({ status: 202 }));
    const lambda = await start(runtime, {
      ASYNC_HTTP_ON_SUCCESS: FUNCTION,
      AWS_ENDPOINT_URL_LAMBDA: aws.endpoint,
    });

    await invoke(lambda, { does: 'fails', untilAttempt: 1 });
    await lambda.idle();

    const [request, ...more] = aws.requests;
    expect(more).toEqual([]);
    if (!request) throw new Error('nothing was sent');
    expect(isSignedWith(SECRET_KEY, request)).toBe(true);
    expect(request.path).toContain('/2015-03-31/functions/');
    expect(request.headers['x-amz-invocation-type']).toBe('Event');
    expect(JSON.parse(request.body).requestContext.condition).toBe('Success');
  });
});

const WRONG: [variable: string, value: string, reason: string][] = [
  ['ASYNC_HTTP_ON_FAILURE', 'my-queue', 'must be an ARN like arn:aws:sqs:'],
  ['ASYNC_HTTP_ON_FAILURE', 'arn:aws:sqs:eu-west-1:1234:q', 'must look like arn:aws:sqs:'],
  [
    'ASYNC_HTTP_ON_FAILURE',
    'arn:aws:kinesis:eu-west-1:123456789012:stream/s',
    'is an ARN of the service \\"kinesis\\"; possible are SQS, SNS, EventBridge, Lambda and S3',
  ],
  ['ASYNC_HTTP_ON_FAILURE', 'arn:aws:sqs:eu-west-1:123456789012:q.fifo', 'is FIFO'],
  ['ASYNC_HTTP_ON_SUCCESS', 'arn:aws:s3:::bucket', 'is an S3 bucket, which takes failures only'],
  ['ASYNC_HTTP_ON_FAILURE', 'arn:aws:sqs:mars-1:123456789012:q', 'names the region \\"mars-1\\"'],
  ['ASYNC_HTTP_MAX_RETRY_ATTEMPTS', 'many', 'must be a whole number'],
];

describe('a variable that makes no sense is said during INIT, and every hand-off is refused:', () => {
  it.each(WRONG)('%s=%s', async (variable, value, reason) => {
    const lambda = await startFunction({
      runtime: 'nodejs24.x',
      handler: 'function.tellError',
      environment: { ASYNC_HANDLER: 'jobs/say.handler', [variable]: value },
    });

    const { reply, functionError } = await invoke(lambda);
    await lambda.idle();

    const said = reason.replaceAll('\\"', '"');
    expect(functionError).toBeUndefined();
    expect(reply.message).toContain(`${variable} ${said}`);
    expect(linesWith(lambda, /\tERROR\t/)[0]).toContain(`${variable} ${said}`);
    expect(linesWith(lambda, 'job says')).toEqual([]);
  });
});

it('ASYNC_HTTP_METRICS=true is a warning, and refuses nothing', async () => {
  const lambda = await startFunction({
    runtime: 'nodejs24.x',
    handler: 'function.tellError',
    environment: { ASYNC_HANDLER: 'jobs/say.handler', ASYNC_HTTP_METRICS: 'true' },
  });

  const { requestId, reply } = await invoke(lambda);
  await lambda.idle();

  expect(reply).toEqual({ jobId: `${requestId}.1`, isDuplicate: false });
  expect(linesWith(lambda, /\tWARN\t.*ASYNC_HTTP_METRICS must be "emf"/)).toHaveLength(1);
});
