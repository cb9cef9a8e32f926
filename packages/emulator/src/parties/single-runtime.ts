import type { Invocation } from './invocation.ts';
import {
  type Deliver,
  deliverToOne,
  INVALID_REQUEST_ID,
  type Refusal,
  type RuntimeParty,
} from './runtime.ts';
import {
  moveRuntime,
  RUNTIME_TARGETS,
  type RuntimeMove,
  type RuntimeState,
} from './runtime-states.ts';

/** A runtime that serves one invocation at a time. */
export class SingleRuntime implements RuntimeParty {
  initError: Buffer | undefined;
  readonly #parked: Deliver[] = [];
  #state: RuntimeState = 'Started';
  #current: Invocation | undefined;

  get isReady(): boolean {
    return this.#state === 'Ready';
  }

  next(deliver: Deliver): Refusal | undefined {
    const refusal = this.#move('next');
    if (refusal) return refusal;
    // While an invocation runs, the same one is handed out again.
    if (this.#state === 'Running' && this.#current) deliver(this.#current);
    else this.#parked.push(deliver);
    return undefined;
  }

  deliver(invocation: Invocation): void {
    this.#current = invocation;
    this.#move('event');
    deliverToOne(this.#parked, invocation);
  }

  beginAnswer(requestId: string, kind: 'response' | 'error'): Invocation | Refusal {
    // The id is checked before the state.
    if (!this.#current || requestId !== this.#current.requestId) return INVALID_REQUEST_ID;
    return this.#move(kind) ?? this.#current;
  }

  endAnswer(): void {
    this.#move('sent');
  }

  failInit(body: Buffer): Refusal | undefined {
    const refusal = this.#move('initError');
    if (!refusal) this.initError = body;
    return refusal;
  }

  #move(move: RuntimeMove): Refusal | undefined {
    const next = moveRuntime(this.#state, move);
    if (next) {
      this.#state = next;
      return undefined;
    }
    return {
      status: 403,
      errorType: 'InvalidStateTransition',
      errorMessage:
        `State transition from ${this.#state} to ${RUNTIME_TARGETS[move]} failed for runtime. ` +
        'Error: State transition is not allowed',
    };
  }
}
