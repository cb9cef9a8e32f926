import type { Fauxqs, StoredMessage } from './fauxqs.ts';

/** A queue whose messages no function of the project fetches. */
export interface WatchedQueue {
  readonly label: string;
  readonly name: string;
}

type OnMessage = (label: string, message: StoredMessage) => void;

/** Tells of messages in queues, each one once, whoever has put it there: a function, a topic, or a redrive. */
export class Arrivals {
  readonly #fauxqs: Fauxqs;
  readonly #onMessage: OnMessage;
  readonly #seen = new Set<string>();
  #looking: Promise<void> | undefined;
  #isAskedAgain = false;
  queues: readonly WatchedQueue[] = [];

  constructor(fauxqs: Fauxqs, onMessage: OnMessage) {
    this.#fauxqs = fauxqs;
    this.#onMessage = onMessage;
  }

  /** Resolves when what was looked for is found. */
  async settled(): Promise<void> {
    await this.#looking;
  }

  /** Looks at all queues; one look serves all who ask while another one is under way. */
  look(): Promise<void> {
    if (this.#looking) {
      this.#isAskedAgain = true;
      return this.#looking;
    }
    this.#looking = this.#lookAtAll().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookAtAll(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      for (const { label, name } of this.queues) {
        for (const { messageId, body } of await this.#fauxqs.messagesOf(name)) {
          const id = `${name} ${messageId}`;
          if (this.#seen.has(id)) continue;
          this.#seen.add(id);
          this.#onMessage(label, { messageId, body });
        }
      }
    } while (this.#isAskedAgain);
  }
}
