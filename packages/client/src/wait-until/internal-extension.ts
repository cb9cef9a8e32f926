import type { CurrentRequest } from '../requests/current-request.ts';
import { actAt } from './act-at.ts';
import type { Hold } from './hold.ts';
import type { InvokeEvent } from './next-event.ts';
import { reportNotRegistered, reportTooLate } from './report-no-hold.ts';

/** AWS's runtime client shows the beginning of a request within a millisecond of its INVOKE event. */
const UNSEEN_AFTER_MS = 1_000;

const RETRY_AFTER_MS = 100;

interface Options {
  /** Waits for the next INVOKE; calling it ends our part of the last one. */
  readonly next: () => Promise<InvokeEvent>;
  /** When the hold of a request must end at the latest; wall-clock ms. */
  readonly releaseAtMs: (event: InvokeEvent) => number;
}

/**
 * Without the layer: this process is an internal extension, and the environment is held by not asking for
 * the next event.
 *
 * INVOKE and the runtime's own invocation arrive in any order, and a handler that has called `waitUntil`
 * for nothing so far may still do so. So what is heard is kept by request id, and the next event is asked
 * for when the handler has ended *and* no work is open.
 */
export class InternalExtension implements Hold {
  readonly #options: Options;
  /** The one that we hold. */
  #invocation: InvokeEvent | undefined;
  #timers: NodeJS.Timeout[] = [];
  #isWorkOpen = false;
  #lastStarted: string | undefined;
  #lastReplied: string | undefined;
  #lastReleased: string | undefined;
  /** Released before its end was seen, which is still to come. */
  #owesEnd: string | undefined;
  /** `false` in a runtime that hides when handlers begin and end, until something shows it. */
  #seesHandlers = true;
  #isRefusalReported = false;

  constructor(options: Options) {
    this.#options = options;
    // INIT lasts until every extension has asked for its first event.
    this.#ask();
  }

  take({ requestId }: CurrentRequest): void {
    this.#isWorkOpen = true;
    if (requestId === undefined || requestId !== this.#lastReleased) return;
    const detail = this.#seesHandlers
      ? `request ${requestId}`
      : 'this runtime does not show when a handler ends: wrap yours in withWaitUntil()';
    reportTooLate(detail);
  }

  release(): void {
    this.#isWorkOpen = false;
    this.#askIfDone();
  }

  started({ requestId }: CurrentRequest): void {
    this.#seesHandlers = true;
    this.#lastStarted = requestId || this.#invocation?.requestId;
    // The same id comes again when Lambda repeats an asynchronous invocation.
    if (this.#lastStarted === this.#lastReleased) this.#lastReleased = undefined;
  }

  replied(requestId: string): void {
    const ended = requestId || this.#invocation?.requestId;
    // Lambda repeats an asynchronous invocation with its id: this is the end of the earlier run.
    if (ended === this.#owesEnd) this.#owesEnd = undefined;
    else this.#lastReplied = ended;
    this.#askIfDone();
  }

  deadlineOf(requestId: string | undefined): number | undefined {
    return requestId === this.#invocation?.requestId ? this.#invocation?.deadlineMs : undefined;
  }

  async #ask(): Promise<void> {
    try {
      this.#begin(await this.#options.next());
      this.#isRefusalReported = false;
    } catch (error) {
      // Nobody else can ask for us, and unless somebody does, every request lasts until its timeout.
      setTimeout(() => this.#ask(), RETRY_AFTER_MS).unref();
      if (this.#isRefusalReported) return;
      this.#isRefusalReported = true;
      reportNotRegistered(error as Error);
    }
  }

  #begin(event: InvokeEvent): void {
    this.#invocation = event;
    const at = (atMs: number, act: () => void) => this.#timers.push(actAt(atMs, act));
    at(this.#options.releaseAtMs(event), () => this.#end());
    if (this.#lastStarted !== event.requestId) {
      at(Date.now() + UNSEEN_AFTER_MS, () => {
        if (this.#lastStarted === event.requestId) return;
        this.#seesHandlers = false;
        this.#askIfDone();
      });
    }
    this.#askIfDone();
  }

  #askIfDone(): void {
    if (!this.#invocation || this.#isWorkOpen) return;
    const hasReplied = this.#lastReplied === this.#invocation.requestId;
    if (hasReplied || !this.#seesHandlers) this.#end();
  }

  #end(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    const requestId = this.#invocation?.requestId;
    // What was seen of this run must not be taken for the next one of the same id.
    if (this.#lastReplied === requestId) this.#lastReplied = undefined;
    else if (this.#seesHandlers) this.#owesEnd = requestId;
    this.#lastReleased = requestId;
    this.#lastStarted = undefined;
    this.#invocation = undefined;
    void this.#ask();
  }
}
