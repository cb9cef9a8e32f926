/** What the lost-work detector reports: what a function had not finished when its environment froze. */
export type LostWorkEvent = {
  readonly at: number;
  readonly functionName: string;
  readonly environmentId: string;
  readonly requestId?: string;
} & (
  | { readonly type: 'unfinished'; readonly work: readonly UnfinishedWork[] }
  | { readonly type: 'resumed'; readonly work: readonly ResumedWork[] }
);

export interface UnfinishedWork {
  /** Same in `unfinished` and `resumed`. */
  readonly id: number;
  readonly kind: 'promise' | 'timer' | 'socket' | 'request' | 'other';
  /** In words, such as `setTimeout 5,000 ms` or `track()`. */
  readonly what: string;
  /** Line of the user's code that started it: `src/api.ts:41:3`. */
  readonly at?: string;
  readonly stack?: string;
  /** Request in which it was started. */
  readonly requestId?: string;
  /** Milliseconds from its start to this freeze. */
  readonly ageMs: number;
}

export interface ResumedWork {
  readonly id: number;
  readonly outcome: 'finished' | 'failed' | 'still pending' | 'lost';
  readonly frozenMs: number;
  /** Request that thawed the environment. */
  readonly requestId?: string;
  readonly message?: string;
}
