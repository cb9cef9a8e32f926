import type { ResumedWork, UnfinishedWork } from '../lambda-types.ts';
import type { PendingWorkSocket, Snapshot } from './pending-work-socket.ts';
import type { Reporter } from './reporter.ts';

type End = Snapshot['ended'][number] & Pick<ResumedWork, 'inShutdown'>;

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
  /** Nothing has run since the last snapshot. */
  #isKnown = true;
  /** What ends now ends in the SHUTDOWN phase. */
  #isInShutdown = false;

  constructor(socket: PendingWorkSocket, reporter: Reporter) {
    this.#socket = socket;
    this.#reporter = reporter;
  }

  /** Just before the freeze. */
  async freezes(): Promise<void> {
    const { pending, ended } = this.#numbered((await this.#socket.ask('freeze')) ?? UNSEEN);
    this.#resumed(ended);
    this.#pending = pending;
    this.#isKnown = true;
    if (pending.length > 0) this.#reporter.emit({ type: 'unfinished', work: pending });
    this.#frozenAt = Date.now();
    this.#thawedAt = this.#frozenAt;
    this.#requestId = undefined;
  }

  /** While it is awake. */
  async look(): Promise<void> {
    const { pending } = this.#numbered((await this.#socket.ask('look')) ?? UNSEEN);
    this.#reporter.emit({ type: 'pending', work: pending });
  }

  thawed(requestId: string | undefined): void {
    this.#thawedAt = Date.now();
    this.#requestId = requestId;
    this.#isKnown = false;
    this.#isInShutdown = requestId === undefined;
  }

  /** In the SHUTDOWN phase, while the processes run: what has ended until now. */
  async ends(): Promise<void> {
    if (this.#pending.length > 0) this.#hasEnded(await this.#socket.ask('freeze'));
  }

  /** The processes have ended. */
  async ended(): Promise<void> {
    if (this.#pending.length > 0) {
      const last = await this.#socket.lastWords();
      if (last) this.#hasEnded(last);
      const outcome = this.#isKnown ? 'lost' : 'unknown';
      this.#resumed(this.#pending.map(({ id }) => ({ id, outcome })));
      this.#pending = [];
    }
    this.#earlierIds = this.#lastId;
  }

  close(): void {
    this.#socket.close();
  }

  /** What is still pending may yet end: the phase is not over. */
  #hasEnded(snapshot: Snapshot | undefined): void {
    this.#isKnown = snapshot !== undefined;
    if (!snapshot) return;
    const ended = this.#numbered(snapshot).ended.filter(
      ({ outcome }) => outcome !== 'still pending',
    );
    const inShutdown = this.#isInShutdown ? ({ inShutdown: true } as const) : {};
    this.#resumed(ended.map((end) => ({ ...end, ...inShutdown })));
    // The first answer is about work that ended before this phase.
    this.#isInShutdown = true;
    this.#pending = this.#pending.filter(({ id }) => ended.every((end) => end.id !== id));
  }

  /** Each process of the function counts from 1; what is reported of an environment has one number each. */
  #numbered({ pending, more, ended }: Snapshot): Omit<Snapshot, 'more'> {
    const numbered = <T extends { readonly id: number }>(work: T): T => ({
      ...work,
      id: work.id === REMARK_ID ? REMARK_ID : work.id + this.#earlierIds,
    });
    const listed = more > 0 ? [...pending, remark(`${more} more, which are not listed`)] : pending;
    const snapshot = { pending: listed.map(numbered), ended: ended.map(numbered) };
    this.#lastId = Math.max(this.#lastId, ...snapshot.pending.map(({ id }) => id));
    return snapshot;
  }

  #resumed(ended: readonly End[]): void {
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
