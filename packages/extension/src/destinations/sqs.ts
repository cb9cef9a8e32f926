import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueTarget } from './destination-target.ts';
import { CLIENT_OPTIONS, type Sender } from './sender.ts';

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
  return {
    async send({ json }, abortSignal) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: json }), { abortSignal });
    },
    close: () => client.destroy(),
  };
}
