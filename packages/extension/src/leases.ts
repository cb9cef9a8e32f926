import type { Lease } from './inbox.ts';
import type { Invocations } from './invocations.ts';
import { RefusalError } from './refusal.ts';

/** Holds that the function process takes for promises it runs itself. */
export class Leases {
  readonly #invocations: Invocations;
  readonly #open = new Set<() => void>();
  #isShuttingDown = false;

  constructor(invocations: Invocations) {
    this.#invocations = invocations;
  }

  /**
   * @param lost called when the environment can no longer be held
   * @throws {RefusalError}
   */
  take(lost: () => void): Lease {
    if (this.#isShuttingDown) {
      throw new RefusalError(
        'ASYNC_HTTP_SHUTTING_DOWN',
        'Lambda is ending this environment, so it is not held for the promise.',
      );
    }
    const close = this.#invocations.open();
    this.#open.add(lost);
    return {
      deadlineMs: this.#invocations.deadlineMs,
      end: () => {
        this.#open.delete(lost);
        close();
      },
    };
  }

  /** Tells every holder that the environment ends. */
  shutdown(): void {
    this.#isShuttingDown = true;
    for (const lost of this.#open) lost();
  }
}
