import { request } from 'undici';
import type { Stand } from '../figure.ts';
import { startServer } from './start-server.ts';

/** A queue for records of failed jobs, which answers. */
export interface FailureQueue {
  /** Variables of a function that sends them there. */
  readonly variables: Record<string, string>;
  /** How many records have arrived since the last call. */
  receive(): Promise<number>;
}

const NAME = 'failures';

/** It ends with the figure. */
export async function openFailureQueue(stand: Stand): Promise<FailureQueue> {
  const endpoint = await startServer(stand, 'sqs.js');

  async function sqs(action: string, input: object) {
    const { body } = await request(endpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': `AmazonSQS.${action}`,
        'content-type': 'application/x-amz-json-1.0',
      },
      body: JSON.stringify(input),
    });
    const text = await body.text();
    return (text ? JSON.parse(text) : {}) as {
      QueueUrl?: string;
      Messages?: readonly { ReceiptHandle: string }[];
    };
  }

  const { QueueUrl } = await sqs('CreateQueue', { QueueName: NAME });
  return {
    variables: {
      ASYNC_HTTP_ON_FAILURE: `arn:aws:sqs:us-east-1:000000000000:${NAME}`,
      AWS_ENDPOINT_URL_SQS: endpoint,
    },
    async receive() {
      let count = 0;
      while (true) {
        const { Messages = [] } = await sqs('ReceiveMessage', {
          QueueUrl,
          MaxNumberOfMessages: 10,
        });
        if (Messages.length === 0) return count;
        count += Messages.length;
        for (const { ReceiptHandle } of Messages) {
          await sqs('DeleteMessage', { QueueUrl, ReceiptHandle });
        }
      }
    },
  };
}
