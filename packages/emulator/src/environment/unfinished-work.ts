import type { ResumedWork, UnfinishedWork } from '../lambda-types.ts';
import type { PendingWorkSocket, Snapshot } from './pending-work-socket.ts';
import type { Reporter } from './reporter.ts';

const UNSEEN: UnfinishedWork = {
  id: 0,
  kind: 'other',
  what: 'what is pending cannot be seen: the function keeps its thread busy',
  ageMs: 0,
};

/** Reports what the function leaves unfinished at each freeze, and what becomes of it. */
export class UnfinishedWorkReport {
  readonly #socket: PendingWorkSocket;
  readonly #reporter: Reporter;
  #pending: readonly UnfinishedWork[] = [];
  #frozenAt = Date.now();
  #thawedAt = this.#frozenAt;
  /** What has thawed the environment. */
  #requestId: string | undefined;

  constructor(socket: PendingWorkSocket, reporter: Reporter) {
    this.#socket = socket;
    this.#reporter = reporter;
  }

  /** Just before the freeze. */
  async freezes(): Promise<void> {
    const { pending, ended } = (await this.#socket.ask()) ?? { pending: [UNSEEN], ended: [] };
    this.#resumed(ended);
    this.#pending = pending;
    if (pending.length > 0) this.#reporter.emit({ type: 'unfinished', work: pending });
    this.#frozenAt = Date.now();
    this.#thawedAt = this.#frozenAt;
    this.#requestId = undefined;
  }

  thawed(requestId: string | undefined): void {
    this.#thawedAt = Date.now();
    this.#requestId = requestId;
  }

  /** The processes have ended. */
  ended(): void {
    this.#resumed(this.#pending.map(({ id }) => ({ id, outcome: 'lost' })));
    this.#pending = [];
  }

  close(): void {
    this.#socket.close();
  }

  #resumed(ended: Snapshot['ended']): void {
    const requestId = this.#requestId;
    const work = ended.flatMap(({ id, ...end }): ResumedWork[] => {
      const before = this.#pending.find((one) => one.id === id);
      if (!before) return [];
      const { what, at } = before;
      const frozenMs = this.#thawedAt - this.#frozenAt;
      return [{ id, what, ...(at && { at }), ...end, frozenMs, ...(requestId && { requestId }) }];
    });
    if (work.length > 0) this.#reporter.emit({ type: 'resumed', work });
  }
}
