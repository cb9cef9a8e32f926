import type { Values } from '../project/record.ts';
import type { MessageAttribute, ReceivedMessage } from './fauxqs.ts';

/**
 * What a function gets for messages of a queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 */
export function toSqsEvent(messages: readonly ReceivedMessage[], queueArn: string): object {
  return { Records: messages.map((message) => toRecord(message, queueArn)) };
}

/** One message in an event; the interface names only what is read here. */
export interface SqsRecord extends Values {
  readonly body: string;
}

export function toRecord(message: ReceivedMessage, queueArn: string): SqsRecord {
  const { MD5OfMessageAttributes } = message;
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
        name,
        toMessageAttribute(attribute),
      ]),
    ),
    ...(MD5OfMessageAttributes && { md5OfMessageAttributes: MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3],
  };
}

function toMessageAttribute({ DataType, StringValue, BinaryValue }: MessageAttribute): object {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}
