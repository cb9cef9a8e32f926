import { describe, expect, it } from 'vitest';
import {
  parseDestination,
  parseEngine,
  parseSuccessDestination,
  Wrong,
} from '../../src/protocol/destination-arn.ts';

/** What is wrong with the value, as the rest of a sentence. */
function problem(parse: (value: string) => unknown, value: string): string {
  try {
    return `accepted: ${JSON.stringify(parse(value))}`;
  } catch (error) {
    expect(error).toBeInstanceOf(Wrong);
    return (error as Error).message;
  }
}

describe('a destination', () => {
  it.each([
    ['arn:aws:sqs:eu-west-1:123456789012:my_queue-1', 'sqs', 'eu-west-1', 'my_queue-1'],
    ['arn:aws-cn:sns:cn-north-1:123456789012:topic', 'sns', 'cn-north-1', 'topic'],
    [
      'arn:aws-us-gov:events:us-gov-west-1:123456789012:event-bus/a.b',
      'events',
      'us-gov-west-1',
      'a.b',
    ],
    ['arn:aws:lambda:ap-southeast-2:123456789012:function:f', 'lambda', 'ap-southeast-2', 'f'],
    ['arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST', 'lambda', 'us-east-1', 'f'],
    ['arn:aws:lambda:us-east-1:123456789012:function:f:live', 'lambda', 'us-east-1', 'f'],
  ])('can be %s', (arn, service, region, name) => {
    expect(parseDestination(arn)).toMatchObject({
      arn,
      service,
      region,
      name,
      account: '123456789012',
    });
  });

  it('can be a bucket, for failures only', () => {
    const arn = 'arn:aws:s3:::my-bucket.logs';

    expect(parseDestination(arn)).toEqual({ arn, service: 's3', name: 'my-bucket.logs' });
    expect(problem(parseSuccessDestination, arn)).toBe(
      'is an S3 bucket, which takes failures only, as on Lambda; use another service',
    );
  });

  it.each([
    'arn:aws:sqs:eu-west-1:123456789012:orders.fifo',
    'arn:aws:sns:eu-west-1:123456789012:orders.fifo',
  ])('is not %s', (arn) => {
    expect(problem(parseDestination, arn)).toBe(
      'is FIFO, which a record cannot be sent to, as on Lambda; use a standard one',
    );
  });

  it('says what it must look like', () => {
    const problems = [
      '',
      'https://sqs.eu-west-1.amazonaws.com/123456789012/q',
      'arn:aws:kinesis:eu-west-1:123456789012:stream/s',
      'arn:aws-moon:sqs:eu-west-1:123456789012:q',
      'arn:aws:sqs:eu-west-1:1234:q',
      'arn:aws:sqs:cn-north-1:123456789012:q',
      'arn:aws:sqs:ireland:123456789012:q',
      'arn:aws:sqs:eu-west-1:123456789012:q ',
      'arn:aws:lambda:eu-west-1:123456789012:f',
      'arn:aws:s3:::bucket/key',
      'arn:aws:s3:eu-west-1:123456789012:accesspoint/p',
    ].map((arn) => problem(parseDestination, arn));

    expect(problems).toMatchInlineSnapshot(`
      [
        "must be an ARN like arn:aws:sqs:eu-west-1:123456789012:my-queue; it is """,
        "must be an ARN like arn:aws:sqs:eu-west-1:123456789012:my-queue; it is "https://sqs.eu-west-1.amazonaws.com/123456789012/q"",
        "is an ARN of the service "kinesis"; possible are SQS, SNS, EventBridge, Lambda and S3",
        "is in aws-moon; known are aws, aws-cn, aws-us-gov",
        "must look like arn:aws:sqs:eu-west-1:123456789012:my-queue; it is "arn:aws:sqs:eu-west-1:1234:q"",
        "names the region "cn-north-1", which is not one of aws; must look like arn:aws:sqs:eu-west-1:123456789012:my-queue; it is "arn:aws:sqs:cn-north-1:123456789012:q"",
        "names the region "ireland", which is not one of aws; must look like arn:aws:sqs:eu-west-1:123456789012:my-queue; it is "arn:aws:sqs:ireland:123456789012:q"",
        "must look like arn:aws:sqs:eu-west-1:123456789012:my-queue; it is "arn:aws:sqs:eu-west-1:123456789012:q "",
        "must look like arn:aws:lambda:eu-west-1:123456789012:function:my-function; it is "arn:aws:lambda:eu-west-1:123456789012:f"",
        "must look like arn:aws:s3:::my-bucket; it is "arn:aws:s3:::bucket/key"",
        "must look like arn:aws:s3:::my-bucket; it is "arn:aws:s3:eu-west-1:123456789012:accesspoint/p"",
      ]
    `);
  });
});

describe('an engine', () => {
  it('is this environment, unless it is a queue or a function', () => {
    expect(parseEngine('environment')).toBeUndefined();
    expect(parseEngine('arn:aws:sqs:eu-west-1:123456789012:q')).toMatchObject({
      service: 'sqs',
    });
    expect(parseEngine('arn:aws:lambda:eu-west-1:123456789012:function:f')).toMatchObject({
      service: 'lambda',
    });
  });

  it('says what it can be', () => {
    const problems = [
      'Environment',
      'arn:aws:s3:::bucket',
      'arn:aws:sqs:eu-west-1:123456789012:q.fifo',
    ];

    expect(problems.map((value) => problem(parseEngine, value))).toMatchInlineSnapshot(`
      [
        "must be "environment", or the ARN of an SQS queue or a Lambda function; it is "Environment"",
        "must be "environment", or the ARN of an SQS queue or a Lambda function; it is "arn:aws:s3:::bucket"",
        "is FIFO, which a record cannot be sent to, as on Lambda; use a standard one",
      ]
    `);
  });
});
