/** A message of a batch. */
export interface QueueRecord {
  readonly messageId: string;
  /** How often it has been delivered, this time included. */
  readonly receiveCount: number;
}

/** What happens in the local queues, topics, event buses and buckets. `at` is epoch ms, durations are ms. */
export type LocalAwsEvent = { at: number; functionName?: string } & (
  | {
      /** Something arrived where no function of the project fetches it. */
      type: 'aws.message';
      service: 'sqs' | 'sns' | 'events' | 's3';
      /** The logical id in the project file, else the name. */
      resource: string;
      /** Of an object in a bucket. */
      key?: string;
      /** Of a message in a queue; it keeps it when it goes to a dead-letter queue. */
      messageId?: string;
      body: string;
    }
  | {
      /** Messages that no filter lets through; they are deleted. */
      type: 'queue.filtered';
      functionName: string;
      resource: string;
      messages: number;
    }
  | {
      type: 'queue.batch';
      functionName: string;
      resource: string;
      /** Of the invoke; also in `queue.done`. */
      requestId: string;
      messages: number;
      /** The first 100 of them. */
      records: QueueRecord[];
      /** As many as there may be in a batch. */
      batchSize: number;
      /** When messages that fail come back, counted from here. */
      visibilityTimeoutMs: number;
      /** Where a message goes that has failed often enough. */
      deadLetter?: { resource: string; maxReceiveCount: number };
    }
  | {
      type: 'queue.done';
      functionName: string;
      resource: string;
      requestId: string;
      /** Messages that are deleted. */
      done: number;
      /** Messages that come back after the visibility timeout, or go to the dead-letter queue. */
      failed: number;
      /** Of the messages that have failed; as in `records`, the first 100. */
      failedIds: string[];
      durationMs: number;
      /** Why messages have failed. */
      problem?: string;
    }
);
