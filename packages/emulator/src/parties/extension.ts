import { randomUUID } from 'node:crypto';
import type { SandboxProcess } from '../sandbox/sandbox.ts';
import { type ExtensionMove, type ExtensionState, moveExtension } from './extension-states.ts';

export type ExtensionEventName = 'INVOKE' | 'SHUTDOWN';

/** What `/event/next` answers. */
export interface ExtensionEvent {
  readonly eventType: ExtensionEventName;
  readonly [field: string]: unknown;
}

/** One external or internal extension in one run of an environment. */
export class Extension {
  readonly id = randomUUID();
  readonly name: string;
  readonly isExternal: boolean;
  state: ExtensionState = 'Started';
  events: readonly ExtensionEventName[] = [];
  process: SandboxProcess | undefined;
  #deliver: ((event: ExtensionEvent) => void) | undefined;
  #queued: ExtensionEvent | undefined;

  constructor(name: string, isExternal: boolean) {
    this.name = name;
    this.isExternal = isExternal;
  }

  /** @returns whether the move was allowed. */
  move(move: ExtensionMove): boolean {
    const next = moveExtension(this.state, move);
    if (next) this.state = next;
    return next !== undefined;
  }

  /** Parks a `/event/next` until `release()`; an event released meanwhile is delivered at once. */
  park(deliver: (event: ExtensionEvent) => void): void {
    this.#deliver = deliver;
    const queued = this.#queued;
    this.#queued = undefined;
    if (queued) this.release(queued);
  }

  /** Answers the parked call. A busy extension hears of the event only when it asks for the next. */
  release(event: ExtensionEvent): void {
    if (!this.#deliver) {
      this.#queued = event;
      return;
    }
    const deliver = this.#deliver;
    this.#deliver = undefined;
    this.move('event');
    deliver(event);
  }
}
