import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { InvokeResult } from '../lambda-types.ts';
import type { QueueEventSource } from '../project/project.ts';
import { type BatchFailure, failedMessages } from './failed-messages.ts';
import type { Fauxqs, ReceivedMessage } from './fauxqs.ts';
import type { LocalAwsEvent, QueueRecord } from './local-aws-event.ts';
import { passesFilters } from './message-filter.ts';
import { toRecord, toSqsEvent } from './sqs-event.ts';

export interface PollerOptions {
  readonly source: QueueEventSource;
  /** What the project calls the queue. */
  readonly label: string;
  readonly fauxqs: Fauxqs;
  readonly invoke: (event: object, requestId: string) => Promise<InvokeResult>;
  /** What becomes of messages that fail. */
  readonly redrive: () => Pick<Batch, 'visibilityTimeoutMs' | 'deadLetter'>;
  /** Called after messages may have gone to the dead-letter queue. */
  readonly onReceived: () => void;
  readonly onEvent: (event: LocalAwsEvent) => void;
}

type Batch = Extract<LocalAwsEvent, { type: 'queue.batch' }>;

/** More ids of messages would only fill the memory of those who look. */
const MAX_LISTED = 100;

/** SQS's own limits. */
const MAX_MESSAGES = 10;
/** Short: fauxqs hands messages out to a client that does not wait any more, too. */
const LONG_POLL_S = 1;
const RETRY_MS = 1000;

/**
 * Invokes a function with the messages of a queue, and deletes those that it has done. The others come back when their
 * visibility timeout is over, or go to the dead-letter queue.
 */
export class QueuePoller {
  readonly #options: PollerOptions;
  #isStopped = false;
  readonly #running = new Set<Promise<void>>();

  constructor(options: PollerOptions) {
    this.#options = options;
    void this.#poll();
  }

  /** Takes no more messages; the invokes that run still delete theirs. */
  stop(): void {
    this.#isStopped = true;
  }

  async #poll(): Promise<void> {
    const { source } = this.#options;
    while (!this.#isStopped) {
      const batch = await this.#receiveBatch();
      if (batch.length === 0) continue;
      if (this.#isStopped) return this.#release(batch);
      const done = this.#process(batch).finally(() => this.#running.delete(done));
      this.#running.add(done);
      if (this.#running.size >= source.maxConcurrency) await Promise.race(this.#running);
    }
  }

  async #receiveBatch(): Promise<ReceivedMessage[]> {
    const { batchSize, batchingWindowMs } = this.#options.source;
    const batch = await this.#receive(Math.min(batchSize, MAX_MESSAGES), LONG_POLL_S);
    const until = Date.now() + batchingWindowMs;
    while (batch.length > 0 && batch.length < batchSize && !this.#isStopped) {
      const leftS = Math.floor((until - Date.now()) / 1000);
      if (leftS < 1) break;
      const room = Math.min(batchSize - batch.length, MAX_MESSAGES);
      batch.push(...(await this.#receive(room, leftS)));
    }
    return batch;
  }

  async #receive(count: number, waitS: number): Promise<ReceivedMessage[]> {
    const { fauxqs, source, onReceived } = this.#options;
    const input = {
      MaxNumberOfMessages: count,
      WaitTimeSeconds: waitS,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    try {
      const { Messages = [] } = await fauxqs.sqs<{ Messages?: ReceivedMessage[] }>(
        'ReceiveMessage',
        source.queueArn,
        input,
      );
      onReceived();
      return await this.#filter(Messages);
    } catch {
      // All has ended; or the queue is not there, which was said when it could not be created.
      await delay(RETRY_MS, undefined, { ref: false });
      return [];
    }
  }

  /** Deletes messages that no filter lets through, as Lambda does. */
  async #filter(messages: readonly ReceivedMessage[]): Promise<ReceivedMessage[]> {
    const { source, label, onEvent } = this.#options;
    const { functionName, queueArn, filters } = source;
    const passing = messages.filter((message) =>
      passesFilters(toRecord(message, queueArn), filters),
    );
    const others = messages.filter((message) => !passing.includes(message));
    await this.#delete(others);
    if (others.length > 0) {
      onEvent({
        type: 'queue.filtered',
        at: Date.now(),
        functionName,
        resource: label,
        messages: others.length,
      });
    }
    return passing;
  }

  async #delete(messages: readonly ReceivedMessage[]): Promise<void> {
    const { fauxqs, source } = this.#options;
    for (const { ReceiptHandle } of messages) {
      // Ended meanwhile: then nobody receives the message again either.
      await fauxqs.sqs('DeleteMessage', source.queueArn, { ReceiptHandle }).catch(() => undefined);
    }
  }

  /** Leaves messages to whoever comes next. */
  async #release(batch: readonly ReceivedMessage[]): Promise<void> {
    const { fauxqs, source } = this.#options;
    for (const { ReceiptHandle } of batch) {
      const input = { ReceiptHandle, VisibilityTimeout: 0 };
      await fauxqs.sqs('ChangeMessageVisibility', source.queueArn, input).catch(() => undefined);
    }
  }

  async #process(batch: readonly ReceivedMessage[]): Promise<void> {
    const { source, label, redrive, onEvent } = this.#options;
    const { functionName, batchSize } = source;
    const startedAt = Date.now();
    const about = { functionName, resource: label, requestId: randomUUID() };
    onEvent({
      type: 'queue.batch',
      at: startedAt,
      ...about,
      messages: batch.length,
      records: batch.slice(0, MAX_LISTED).map(toQueueRecord),
      batchSize,
      ...redrive(),
    });
    const { failed, problem } = await this.#run(batch, about.requestId);
    const done = batch.filter(({ MessageId }) => !failed.has(MessageId));
    await this.#delete(done);
    onEvent({
      type: 'queue.done',
      at: Date.now(),
      ...about,
      done: done.length,
      failed: failed.size,
      failedIds: [...failed].slice(0, MAX_LISTED),
      durationMs: Date.now() - startedAt,
      ...(problem !== undefined && { problem }),
    });
  }

  async #run(batch: readonly ReceivedMessage[], requestId: string): Promise<BatchFailure> {
    const { invoke, source } = this.#options;
    const { queueArn, reportsFailures } = source;
    const ids = batch.map(({ MessageId }) => MessageId);
    try {
      const result = await invoke(toSqsEvent(batch, queueArn), requestId);
      return failedMessages(ids, result, reportsFailures);
    } catch (error) {
      return { failed: new Set(ids), problem: (error as Error).message };
    }
  }
}

const toQueueRecord = ({ MessageId, Attributes }: ReceivedMessage): QueueRecord => ({
  messageId: MessageId,
  receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
});
