import type { Invocation } from './invocation.ts';
import { moveRuntime, type RuntimeMove, type RuntimeState } from './runtime-states.ts';

/** Hands an invocation to a parked `/invocation/next`. */
export type Deliver = (invocation: Invocation) => void;

/** Instants of one invocation in the runtime, of `performance.now()`. */
export interface RuntimeTimes {
  deliveredAt: number;
  responseStartedAt?: number;
  responseEndedAt?: number;
}

/** The runtime in one run of an environment that serves one invocation at a time. */
export class RuntimeParty {
  state: RuntimeState = 'Started';
  hasExited = false;
  current: Invocation | undefined;
  times: RuntimeTimes = { deliveredAt: 0 };
  /** Body of `/runtime/init/error`, and the type that its header names. */
  initError: { readonly body: Buffer; readonly errorType: string } | undefined;
  #deliver: Deliver | undefined;

  /** @returns whether the move was allowed. */
  move(move: RuntimeMove): boolean {
    const next = moveRuntime(this.state, move);
    if (next) this.state = next;
    return next !== undefined;
  }

  /** Parks a `/invocation/next`; while an invocation runs, the same one is handed out again. */
  park(deliver: Deliver): void {
    if (this.state === 'Running' && this.current) deliver(this.current);
    else this.#deliver = deliver;
  }

  deliver(invocation: Invocation): void {
    this.current = invocation;
    this.times = { deliveredAt: performance.now() };
    this.move('event');
    this.#deliver?.(invocation);
    this.#deliver = undefined;
  }
}
