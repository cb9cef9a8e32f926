import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Lambda } from '@async-http/emulator';
import { onTestFinished } from 'vitest';
import type { WhenOver } from './shared.ts';
import { invoke } from './start-function.ts';

const PROGRAM = fileURLToPath(
  new URL('../../../extension/test/fixtures/destinations/fauxqs-server.ts', import.meta.url),
);
const REGION = 'eu-west-1';
const ACCOUNT = '000000000000';

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes: { readonly ApproximateReceiveCount: string };
}

/** A server of SQS, and what a function needs to speak to it. */
export async function startSqs(whenOver: WhenOver = onTestFinished) {
  const server = fork(PROGRAM, { execArgv: [] }); // Not the conditions of this process.
  const exited = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGKILL');
    await exited;
  };
  whenOver(stop);
  const [endpoint] = (await once(server, 'message')) as [string];

  async function call(action: string, input: object): Promise<Record<string, unknown>> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': `AmazonSQS.${action}`,
        'content-type': 'application/x-amz-json-1.0',
      },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  return {
    stop,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
    },
    async createQueue(name: string, attributes: Record<string, string> = {}): Promise<Queue> {
      const { QueueUrl } = await call('CreateQueue', { QueueName: name, Attributes: attributes });
      return new Queue(name, (action, input) => call(action, { QueueUrl, ...input }));
    },
  };
}

type Call = (action: string, input: object) => Promise<Record<string, unknown>>;

export class Queue {
  readonly arn: string;
  readonly #call: Call;

  constructor(name: string, call: Call) {
    this.arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
    this.#call = call;
  }

  /** What has been put in, without the way through a function. */
  async send(body: string): Promise<void> {
    await this.#call('SendMessage', { MessageBody: body });
  }

  /** Takes all messages out, also those that somebody has received. */
  async purge(): Promise<void> {
    await this.#call('PurgeQueue', {});
  }

  /** Takes the messages that are visible. */
  async receive(): Promise<Message[]> {
    const { Messages = [] } = await this.#call('ReceiveMessage', {
      MaxNumberOfMessages: 10,
      AttributeNames: ['ApproximateReceiveCount'],
    });
    return Messages as Message[];
  }

  /** How many messages it holds, visible or not. */
  async size(): Promise<number> {
    const { Attributes } = await this.#call('GetQueueAttributes', { AttributeNames: ['All'] });
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } =
      Attributes as Record<string, string>;
    return Number(visible) + Number(hidden);
  }

  /**
   * Does once what Lambda's event source mapping does all the time, with `ReportBatchItemFailures`: receives,
   * invokes, and deletes what has not failed. What has failed is visible again at once.
   *
   * @returns how many messages there were, and what the function answered
   */
  async deliverTo(consumer: Lambda) {
    const messages = await this.receive();
    const Records = messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: this.arn,
      awsRegion: REGION,
    }));
    const { functionError, reply, requestId } = await invoke(consumer, { Records });
    const failed = new Set(
      functionError
        ? messages.map(({ MessageId }) => MessageId)
        : reply.batchItemFailures.map(
            ({ itemIdentifier }: { itemIdentifier: string }) => itemIdentifier,
          ),
    );
    for (const { MessageId, ReceiptHandle } of messages) {
      if (failed.has(MessageId)) {
        await this.#call('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout: 0 });
      } else {
        await this.#call('DeleteMessage', { ReceiptHandle });
      }
    }
    return { delivered: messages.length, failed: failed.size, functionError, reply, requestId };
  }
}
