/** Those who wait until nothing runs any more. */
export class IdleWaiters {
  readonly #isIdle: () => boolean;
  readonly #waiting: (() => void)[] = [];

  constructor(isIdle: () => boolean) {
    this.#isIdle = isIdle;
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (!this.#isIdle()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** To be called whenever something has ended. */
  look(): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}
