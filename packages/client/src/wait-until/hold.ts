import type { CurrentRequest } from './current-request.ts';

/** What keeps the environment awake while promises are open. */
export interface Hold {
  /** Work is open during this request. Called for each piece of work, and when a request begins while some is left. */
  take(request: CurrentRequest): void;
  /** Settles, soon, when the environment is held, or it is known that it cannot be. Never rejects. */
  taken(): Promise<void>;
  /** No work is open any more. */
  release(): void;
  /** The handler of this request is about to run. */
  started(request: CurrentRequest): void;
  /** The reply of this request is out; its work may still be open. */
  replied(requestId: string | undefined): void;
}

/** Where nothing is ever frozen: outside Lambda, and on Managed Instances. */
export const NOTHING_TO_HOLD: Hold = {
  take() {},
  taken: async () => {},
  release() {},
  started() {},
  replied() {},
};
