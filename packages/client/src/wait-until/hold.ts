import type { CurrentRequest } from '../requests/current-request.ts';

/** What keeps the environment awake while promises are open. */
export interface Hold {
  /** Work is open during this request. Called for each piece of work. */
  take(request: CurrentRequest): void;
  /** Nothing is open any more, or what is open has had the time of its request. */
  release(): void;
  /** The handler of this request is about to run. */
  started?(request: CurrentRequest): void;
  /** The reply of this request is out; its work may still be open. */
  replied?(requestId: string): void;
  /** The deadline of the request, where only the hold knows it: wall-clock ms since the epoch. */
  deadlineOf(requestId: string | undefined): number | undefined;
}
