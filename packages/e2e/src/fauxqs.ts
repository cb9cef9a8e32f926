import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ACCOUNT = '000000000000';
/** The emulated function's. */
const REGION = 'us-east-1';

export interface Queue {
  readonly arn: string;
  /** Takes what has arrived since the last call, parsed. */
  receive(): Promise<InvocationRecord[]>;
}

/** The record of a destination, as AWS documents it. */
export interface InvocationRecord {
  version: string;
  timestamp: string;
  requestContext: {
    requestId: string;
    functionArn: string;
    condition: string;
    approximateInvokeCount: number;
  };
  // biome-ignore lint/suspicious/noExplicitAny: it is what a handler was given and returned
  requestPayload: any;
  responseContext: { statusCode: number; executedVersion: string; functionError?: string };
  // biome-ignore lint/suspicious/noExplicitAny: see above
  responsePayload: any;
  asyncHttp?: { omitted: string };
}

/** SQS, SNS and S3 of fauxqs on loopback, looked at over plain HTTP. */
export async function startFauxqs() {
  const child = fork(join(import.meta.dirname, 'fauxqs-server.ts'), { execArgv: [] });
  const [endpoint] = (await once(child, 'message')) as [string];

  async function request(path: string, init?: RequestInit): Promise<Response> {
    const response = await fetch(`${endpoint}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
  async function sqs(action: string, input: object) {
    const response = await request('/', {
      method: 'POST',
      headers: {
        'x-amz-target': `AmazonSQS.${action}`,
        'content-type': 'application/x-amz-json-1.0',
      },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    return (text ? JSON.parse(text) : {}) as {
      QueueUrl?: string;
      Messages?: readonly { Body: string; ReceiptHandle: string }[];
    };
  }

  async function createQueue(name: string): Promise<Queue> {
    const { QueueUrl } = await sqs('CreateQueue', { QueueName: name });
    return {
      arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
      async receive() {
        const records: InvocationRecord[] = [];
        while (true) {
          const { Messages = [] } = await sqs('ReceiveMessage', {
            QueueUrl,
            MaxNumberOfMessages: 10,
          });
          if (Messages.length === 0) return records;
          for (const { Body, ReceiptHandle } of Messages) {
            records.push(JSON.parse(Body));
            await sqs('DeleteMessage', { QueueUrl, ReceiptHandle });
          }
        }
      },
    };
  }

  return {
    endpoint,
    createQueue,
    /** A topic that writes to a queue, and that queue's records. */
    async createTopic(name: string): Promise<Queue> {
      const queue = await createQueue(`${name}-subscriber`);
      const sns = (input: Record<string, string>) =>
        request('/', { method: 'POST', body: new URLSearchParams(input) });
      await sns({ Action: 'CreateTopic', Name: name });
      const arn = `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
      await sns({
        Action: 'Subscribe',
        TopicArn: arn,
        Protocol: 'sqs',
        Endpoint: queue.arn,
        'Attributes.entry.1.key': 'RawMessageDelivery',
        'Attributes.entry.1.value': 'true',
      });
      return { arn, receive: () => queue.receive() };
    },
    async createBucket(name: string) {
      await request(`/${name}`, { method: 'PUT' });
      return {
        arn: `arn:aws:s3:::${name}`,
        async objects(): Promise<{ key: string; record: InvocationRecord }[]> {
          const list = await (await request(`/${name}?list-type=2`)).text();
          const keys = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key ?? '');
          return Promise.all(
            keys.map(async (key) => ({
              key,
              record: (await (await request(`/${name}/${key}`)).json()) as InvocationRecord,
            })),
          );
        },
      };
    },
    close: () => void child.kill('SIGKILL'),
  };
}

export type Fauxqs = Awaited<ReturnType<typeof startFauxqs>>;
