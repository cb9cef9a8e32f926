import type { KeyOwner } from '../protocol/key-claim.ts';
import type { StoreTarget } from '../protocol/store-target.ts';
import { type Expression, type Item, Table, TableError } from './table.ts';

/*
 * What is in the table. `expiresAt` is in seconds, as DynamoDB's time to live wants it; all else is in ms since the epoch.
 *
 *     key#<function>#<SHA-256>   jobId, payloadHash, openUntil (while the job may be running), expiresAt
 *     job#<jobId>                status, attempt, changedAt, acceptedAt, startedAt, openUntil, endedAt, error, result, omitted, expiresAt
 */

/** The function's and the environment's clock may differ from those of other environments. */
export const CLOCKS_DIFFER_MS = 5_000;

export interface KeyRequest extends KeyOwner {
  readonly keyHash: string;
  /** When the job's time is over. If it has not ended by then, its environment has, and the key is free again. */
  readonly openUntilMs: number;
  readonly expiresAtMs: number;
}

export type JobStatus = 'accepted' | 'running' | 'retrying' | 'succeeded' | 'failed';

/** The progress of a job, as it is stored. Instants are in ms since the epoch. */
export interface StoredJob {
  readonly jobId: string;
  readonly status: JobStatus;
  /** Attempts that have been started. */
  readonly attempt: number;
  /** When the status became what it is. */
  readonly changedAt: number;
  readonly acceptedAt: number;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  /** When its time is over. Only of an open job, and not when an engine has it. */
  readonly openUntil?: number | undefined;
  /** When the next attempt starts. */
  readonly nextAttemptAt?: number | undefined;
  readonly errorType?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** As JSON. */
  readonly result?: string | undefined;
  /** Why a result is missing. */
  readonly omitted?: string | undefined;
  readonly expiresAtMs: number;
}

/** Keys and states of jobs, shared by all environments of a function. Each method is one request, and rejects with `TableError`. */
export class Store {
  readonly #table: Table;
  readonly #functionName: string;

  constructor(target: StoreTarget, env: Readonly<Record<string, string | undefined>>) {
    this.#table = new Table(target, env);
    this.#functionName = env.AWS_LAMBDA_FUNCTION_NAME ?? '';
  }

  /** @returns the owner of the key, when that is another job that is open or has succeeded */
  async claimKey(
    { keyHash, jobId, payloadHash, openUntilMs, expiresAtMs }: KeyRequest,
    signal: AbortSignal,
  ): Promise<KeyOwner | undefined> {
    const id = this.#keyId(keyHash);
    const now = Date.now();
    const claimedUntil = openUntilMs + CLOCKS_DIFFER_MS;
    const isFree: Expression = {
      // A request that is repeated after a lost answer finds its own claim. When it arrives only after its job has ended, it
      // must not open the key again.
      text: 'attribute_not_exists(#id) OR #expiresAt <= :seconds OR #openUntil <= :now OR (#jobId = :jobId AND #openUntil = :claimedUntil)',
      values: { seconds: Math.floor(now / 1_000), now, jobId, claimedUntil },
    };
    const item = {
      id,
      jobId,
      payloadHash,
      openUntil: claimedUntil,
      expiresAt: Math.ceil(expiresAtMs / 1_000),
    };
    const taken = await unlessTrue(this.#table.put(item, isFree, signal));
    if (!taken) return undefined;
    const owner = taken.item ?? (await this.#table.get(id, signal));
    // Released in this moment, or not ours.
    if (typeof owner?.jobId !== 'string') throw taken;
    if (owner.jobId === jobId) return undefined;
    return { jobId: owner.jobId, payloadHash: String(owner.payloadHash ?? '') };
  }

  /** The job has succeeded: its key stands for it until it expires. */
  async keepKey(keyHash: string, jobId: string, signal: AbortSignal): Promise<void> {
    await unlessTrue(
      this.#table.update(this.#keyId(keyHash), 'REMOVE #openUntil', ownedBy(jobId), signal),
    );
  }

  /** The job runs in a later invocation than the one that it was handed off in. */
  async extendKey(
    keyHash: string,
    jobId: string,
    openUntilMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { text, values } = ownedBy(jobId);
    // A request that arrives late must not open the key of a job that has succeeded.
    const isOpen = `${text} AND attribute_exists(#openUntil)`;
    await unlessTrue(
      this.#table.update(
        this.#keyId(keyHash),
        'SET #openUntil = :openUntil',
        { text: isOpen, values: { ...values, openUntil: openUntilMs + CLOCKS_DIFFER_MS } },
        signal,
      ),
    );
  }

  /** The job has failed, or was not accepted: its key may be used again. */
  async releaseKey(keyHash: string, jobId: string, signal: AbortSignal): Promise<void> {
    await unlessTrue(this.#table.delete(this.#keyId(keyHash), ownedBy(jobId), signal));
  }

  /**
   * Writes how far a job is, unless something newer is there: of a later attempt, or of a later moment of the same one. The
   * end of an attempt is newer than its start, also when the clock was set back in between. A success counts in any
   * attempt, because what is sent back from a dead-letter queue begins at 1 again.
   */
  async putJob(job: StoredJob, signal: AbortSignal): Promise<void> {
    const { jobId, expiresAtMs, ...facts } = job;
    const known = Object.entries(facts).filter(([, value]) => value !== undefined);
    const item = {
      id: jobItemId(jobId),
      ...(Object.fromEntries(known) as Item),
      expiresAt: Math.ceil(expiresAtMs / 1_000),
    };
    const { status, attempt, changedAt } = job;
    const sameAttempt = status === 'succeeded' ? '' : '#attempt = :attempt AND ';
    const isEnd = status === 'succeeded' || status === 'failed';
    const isFirstEnd = isEnd ? ' OR (#attempt = :attempt AND attribute_not_exists(#endedAt))' : '';
    const isNewer: Expression = {
      text: `attribute_not_exists(#id) OR #attempt < :attempt OR (${sameAttempt}#changedAt <= :changedAt)${isFirstEnd}`,
      values: { attempt, changedAt },
    };
    await unlessTrue(this.#table.put(item, isNewer, signal));
  }

  async getJob(jobId: string, signal: AbortSignal): Promise<StoredJob | undefined> {
    const item = await this.#table.get(jobItemId(jobId), signal);
    if (!item || !isWhole(item)) return undefined;
    const { id: _, expiresAt, ...facts } = item;
    return { ...facts, jobId, expiresAtMs: Number(expiresAt) * 1_000 } as unknown as StoredJob;
  }

  #keyId(keyHash: string): string {
    return `key#${this.#functionName}#${keyHash}`;
  }
}

const STATUSES: readonly unknown[] = ['accepted', 'running', 'retrying', 'succeeded', 'failed'];
const TIMES = ['startedAt', 'endedAt', 'openUntil', 'nextAttemptAt'];

/** Whether this is a state that we have written. Other programs may write to the table too. */
function isWhole(item: Item): boolean {
  const isTime = (value: unknown) => !Number.isNaN(new Date(value as number).getTime());
  return (
    STATUSES.includes(item.status) &&
    [item.attempt, item.acceptedAt, item.expiresAt].every(Number.isFinite) &&
    isTime(item.acceptedAt) &&
    TIMES.every((name) => item[name] === undefined || isTime(item[name])) &&
    (item.result === undefined || isJson(item.result))
  );
}

function isJson(value: unknown): boolean {
  try {
    JSON.parse(value as string);
    return true;
  } catch {
    return false;
  }
}

const jobItemId = (jobId: string): string => `job#${jobId}`;

/** It may belong to a later job by now, and then is not ours to change. */
const ownedBy = (jobId: string): Expression => ({ text: '#jobId = :jobId', values: { jobId } });

/** @returns the error of a condition that is not true, which is an answer and no failure */
async function unlessTrue(request: Promise<void>): Promise<TableError | undefined> {
  try {
    await request;
  } catch (error) {
    const { name } = error as TableError;
    if (!(error instanceof TableError) || name !== 'ConditionalCheckFailedException') throw error;
    return error;
  }
}
