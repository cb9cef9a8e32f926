import type { TopicTarget } from '@async-http/client/protocol';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CLIENT_OPTIONS, rehearse, type Sender } from './sender.ts';

/** The record is the message. */
export function openTopic({ arn, region }: TopicTarget): Sender<{ json: string }> {
  const client = new SNSClient({ ...CLIENT_OPTIONS, region });
  const command = (json: string) => new PublishCommand({ TopicArn: arn, Message: json });
  return {
    async send({ json }, abortSignal) {
      await client.send(command(json), { abortSignal });
    },
    rehearse: () => rehearse(command('{}'), (unsent) => client.send(unsent)),
    close: () => client.destroy(),
  };
}
