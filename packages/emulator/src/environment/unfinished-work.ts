import type { ResumedWork, UnfinishedWork } from '../lambda-types.ts';
import type { PendingWorkSocket, Snapshot } from './pending-work-socket.ts';
import type { Reporter } from './reporter.ts';

/** A note about the list, not a piece of work. */
const REMARK_ID = 0;
const remark = (what: string): UnfinishedWork => ({ id: REMARK_ID, kind: 'other', what, ageMs: 0 });

const UNSEEN: Snapshot = {
  pending: [remark('what is pending cannot be seen: the function keeps its thread busy')],
  more: 0,
  ended: [],
};

/** Reports what the function leaves unfinished at each freeze, and what becomes of it. */
export class UnfinishedWorkReport {
  readonly #socket: PendingWorkSocket;
  readonly #reporter: Reporter;
  #pending: readonly UnfinishedWork[] = [];
  /** The highest id so far, and the highest of the processes before this one. */
  #lastId = 0;
  #earlierIds = 0;
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
    const { pending, ended } = await this.#ask('freeze');
    this.#resumed(ended);
    this.#pending = pending;
    if (pending.length > 0) this.#reporter.emit({ type: 'unfinished', work: pending });
    this.#frozenAt = Date.now();
    this.#thawedAt = this.#frozenAt;
    this.#requestId = undefined;
  }

  /** While it is awake. */
  async look(): Promise<void> {
    const { pending } = await this.#ask('look');
    this.#reporter.emit({ type: 'pending', work: pending });
  }

  thawed(requestId: string | undefined): void {
    this.#thawedAt = Date.now();
    this.#requestId = requestId;
  }

  /** The processes have ended. */
  ended(): void {
    this.#resumed(this.#pending.map(({ id }) => ({ id, outcome: 'lost' })));
    this.#pending = [];
    this.#earlierIds = this.#lastId;
  }

  close(): void {
    this.#socket.close();
  }

  /** Each process of the function counts from 1; what is reported of an environment has one number each. */
  async #ask(why: 'freeze' | 'look'): Promise<Omit<Snapshot, 'more'>> {
    const { pending, more, ended } = (await this.#socket.ask(why)) ?? UNSEEN;
    const numbered = <T extends { readonly id: number }>(work: T): T => ({
      ...work,
      id: work.id === REMARK_ID ? REMARK_ID : work.id + this.#earlierIds,
    });
    const listed = more > 0 ? [...pending, remark(`${more} more, which are not listed`)] : pending;
    const snapshot = { pending: listed.map(numbered), ended: ended.map(numbered) };
    this.#lastId = Math.max(this.#lastId, ...snapshot.pending.map(({ id }) => id));
    return snapshot;
  }

  #resumed(ended: Snapshot['ended']): void {
    const requestId = this.#requestId;
    const work = ended.flatMap(({ id, ...end }): ResumedWork[] => {
      const before = this.#pending.find((one) => one.id === id && id !== REMARK_ID);
      if (!before) return [];
      const { what, at } = before;
      const frozenMs = this.#thawedAt - this.#frozenAt;
      return [{ id, what, ...(at && { at }), ...end, frozenMs, ...(requestId && { requestId }) }];
    });
    if (work.length > 0) this.#reporter.emit({ type: 'resumed', work });
  }
}
