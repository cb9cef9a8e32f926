import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { FunctionTarget } from './destination-target.ts';
import { CLIENT_OPTIONS, type Sender } from './sender.ts';

/** The record is the event of an asynchronous invocation. */
export function openFunction({ arn, region }: FunctionTarget): Sender<{ json: string }> {
  const client = new LambdaClient({ ...CLIENT_OPTIONS, region });
  return {
    async send({ json }, abortSignal) {
      const command = new InvokeCommand({
        FunctionName: arn,
        InvocationType: 'Event',
        Payload: Buffer.from(json),
      });
      await client.send(command, { abortSignal });
    },
    close: () => client.destroy(),
  };
}
