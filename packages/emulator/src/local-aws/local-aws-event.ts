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
      body: string;
    }
  | {
      /** Messages that no filter lets through; they are deleted. */
      type: 'queue.filtered';
      functionName: string;
      resource: string;
      messages: number;
    }
  | { type: 'queue.batch'; functionName: string; resource: string; messages: number }
  | {
      type: 'queue.done';
      functionName: string;
      resource: string;
      /** Messages that are deleted. */
      done: number;
      /** Messages that come back after the visibility timeout, or go to the dead-letter queue. */
      failed: number;
      durationMs: number;
      /** Why messages have failed. */
      problem?: string;
    }
);
