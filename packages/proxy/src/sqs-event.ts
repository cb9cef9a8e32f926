/** The part of an SQS event that a consumer reads. */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: { readonly ApproximateReceiveCount?: string };
}

/** @see Lambda, "Using Lambda with Amazon SQS": the example event */
export function isSqsEvent(event: unknown): event is SqsEvent {
  const records = (event as { Records?: unknown } | null | undefined)?.Records;
  return Array.isArray(records) && records.every((record) => record?.eventSource === 'aws:sqs');
}

/** How often the message has been received, this time included. */
export function receiveCount({ attributes }: SqsRecord): number {
  return Math.max(1, Math.trunc(Number(attributes?.ApproximateReceiveCount)) || 1);
}
