import type { BusTarget } from '@async-http/client/protocol';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { InvocationRecord } from '../records/invocation-record.ts';
import { CLIENT_OPTIONS, REHEARSED_RECORD, rehearse, type Sender } from './sender.ts';

/** The record is the detail of an event like those of Lambda's own destinations. */
export function openBus({ arn, region }: BusTarget): Sender<InvocationRecord> {
  const client = new EventBridgeClient({ ...CLIENT_OPTIONS, region });
  const command = ({ json, isSuccess, functionArn, settledAt }: InvocationRecord) => {
    const entry = {
      EventBusName: arn,
      // What Lambda's events carry, and rules match; `aws.…` is reserved for the services themselves.
      Source: 'lambda',
      DetailType: `Lambda Function Invocation Result - ${isSuccess ? 'Success' : 'Failure'}`,
      // The order of Lambda's own events: localstack@8b9a79f, recorded from AWS 2025-11-24.
      Resources: [arn, functionArn],
      Time: new Date(settledAt),
      Detail: json,
    };
    return new PutEventsCommand({ Entries: [entry] });
  };
  return {
    async send(record, abortSignal) {
      const { Entries = [] } = await client.send(command(record), { abortSignal });
      // A refused entry comes with status 200.
      const { ErrorCode, ErrorMessage } = Entries[0] ?? {};
      if (ErrorCode !== undefined) throw refusedEntry(ErrorCode, ErrorMessage);
    },
    rehearse: () => rehearse(command(REHEARSED_RECORD), (unsent) => client.send(unsent)),
    close: () => client.destroy(),
  };
}

function refusedEntry(code: string, message: string | undefined): Error {
  const httpStatusCode = code.startsWith('Internal') ? 500 : 400;
  return Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode } });
}
