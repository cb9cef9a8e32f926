import type { FunctionTarget } from '@async-http/client/protocol';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CLIENT_OPTIONS, rehearse, type Sender } from './sender.ts';

/** The record is the event of an asynchronous invocation. */
export function openFunction({ arn, region }: FunctionTarget): Sender<{ json: string }> {
  const client = new LambdaClient({ ...CLIENT_OPTIONS, region });
  const command = (json: string) =>
    new InvokeCommand({
      FunctionName: arn,
      InvocationType: 'Event',
      Payload: Buffer.from(json),
    });
  return {
    async send({ json }, abortSignal) {
      await client.send(command(json), { abortSignal });
    },
    rehearse: () => rehearse(command('{}'), (unsent) => client.send(unsent)),
    close: () => client.destroy(),
  };
}
