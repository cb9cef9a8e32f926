import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { TopicTarget } from './destination-target.ts';
import { CLIENT_OPTIONS, type Sender } from './sender.ts';

/** The record is the message. */
export function openTopic({ arn, region }: TopicTarget): Sender<{ json: string }> {
  const client = new SNSClient({ ...CLIENT_OPTIONS, region });
  return {
    async send({ json }, abortSignal) {
      await client.send(new PublishCommand({ TopicArn: arn, Message: json }), { abortSignal });
    },
    close: () => client.destroy(),
  };
}
