import { fork } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { firstMessage } from './first-message.ts';

const PROGRAM = new URL('../fixtures/destinations/fauxqs-server.ts', import.meta.url).pathname;
const ACCOUNT = '000000000000';
const REGION = 'eu-west-1';

interface SqsAnswer {
  QueueUrl?: string;
  Messages?: readonly { Body: string }[];
}

/** SQS, SNS and S3 on a loopback port, looked at over plain HTTP. */
export async function startFauxqs() {
  const child = fork(PROGRAM, { execArgv: [] }); // Not the conditions of this process.
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const endpoint = await firstMessage<string>(child);

  async function request(path: string, init?: RequestInit): Promise<Response> {
    const response = await fetch(`${endpoint}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
  async function sqs(action: string, input: object): Promise<SqsAnswer> {
    const response = await request('/', {
      method: 'POST',
      headers: {
        'x-amz-target': `AmazonSQS.${action}`,
        'content-type': 'application/x-amz-json-1.0',
      },
      body: JSON.stringify(input),
    });
    return response.json() as Promise<SqsAnswer>;
  }
  function sns(input: Record<string, string>) {
    return request('/', { method: 'POST', body: new URLSearchParams(input) });
  }

  return {
    endpoint,
    async createQueue(name: string) {
      const { QueueUrl } = await sqs('CreateQueue', { QueueName: name });
      return {
        arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
        /** The bodies of its messages. */
        async receive(): Promise<string[]> {
          const { Messages = [] } = await sqs('ReceiveMessage', {
            QueueUrl,
            MaxNumberOfMessages: 10,
          });
          return Messages.map(({ Body }) => Body);
        },
      };
    },
    /** A topic that writes to a queue. */
    async createTopic(name: string, queueArn: string) {
      await sns({ Action: 'CreateTopic', Name: name });
      const arn = `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
      await sns({
        Action: 'Subscribe',
        TopicArn: arn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        'Attributes.entry.1.key': 'RawMessageDelivery',
        'Attributes.entry.1.value': 'true',
      });
      return { arn };
    },
    async createBucket(name: string) {
      await request(`/${name}`, { method: 'PUT' });
      return {
        arn: `arn:aws:s3:::${name}`,
        async objects() {
          const list = await (await request(`/${name}?list-type=2`)).text();
          const keys = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key ?? '');
          return Promise.all(
            keys.map(async (key) => {
              const response = await request(`/${name}/${key}`);
              const contentType = response.headers.get('content-type');
              return { key, contentType, body: await response.text() };
            }),
          );
        },
      };
    },
  };
}
