import type { QueueTarget } from '@async-http/client/protocol';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_OPTIONS, rehearse, type Sender } from './sender.ts';

/** The record is the message body. */
export function openQueue({
  region,
  partition,
  account,
  name,
}: QueueTarget): Sender<{ json: string }> {
  // Otherwise the URL below would win over AWS_ENDPOINT_URL_SQS.
  const client = new SQSClient({ ...CLIENT_OPTIONS, region, useQueueUrlAsEndpoint: false });
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  // Made from the ARN: asking SQS for it would need one more permission than Lambda's destinations do.
  const QueueUrl = `https://sqs.${region}.${domain}/${account}/${name}`;
  const command = (json: string) => new SendMessageCommand({ QueueUrl, MessageBody: json });
  return {
    async send({ json }, abortSignal) {
      await client.send(command(json), { abortSignal });
    },
    rehearse: () => rehearse(command('{}'), (unsent) => client.send(unsent)),
    close: () => client.destroy(),
  };
}
