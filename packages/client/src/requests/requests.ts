import { type CurrentRequest, currentRequestId } from './current-request.ts';

/** Hears of the requests of this process. */
export interface RequestListener {
  readonly isHeld: boolean;
  /** The handler is about to run, or more is known about its request. */
  started(request: CurrentRequest): void;
  /** The reply is out. What is to be held beyond it must be said now. */
  replied(requestId: string): void;
}

/** More than a process has in flight; only what comes late asks for them. */
const REMEMBERED_ENDS = 64;

/**
 * Which requests run in this process. State by request id; the same id may come again, because Lambda repeats
 * asynchronous invocations, and is then a new run.
 */
export class Requests {
  readonly #ringEnd: (requestId: string) => void;
  readonly #running = new Set<string>();
  readonly #over = new Set<string>();
  #latest: CurrentRequest = {};
  #isWatched = false;
  #listener: RequestListener | undefined;

  constructor(ringEnd: (requestId: string) => void) {
    this.#ringEnd = ringEnd;
  }

  listen(listener: RequestListener): void {
    this.#listener = listener;
  }

  /** The runtime shows when handlers begin and end. */
  watched(): void {
    this.#isWatched = true;
  }

  get areWatched(): boolean {
    return this.#isWatched;
  }

  isRunning(requestId: string | undefined): boolean {
    return requestId !== undefined && this.#running.has(requestId);
  }

  /** Whether its end was seen here. */
  isOver(requestId: string): boolean {
    return this.#over.has(requestId);
  }

  /** Whether work of `waitUntil` is open, which holds the environment beyond the end of its request. */
  get isHeld(): boolean {
    return this.#listener?.isHeld ?? false;
  }

  /** The request that calls, and what is known about it. */
  get current(): CurrentRequest {
    const requestId = currentRequestId() ?? this.#latest.requestId;
    return requestId === this.#latest.requestId ? this.#latest : { requestId };
  }

  /** More is known about the current request. */
  know({ requestId = this.current.requestId, deadlineMs }: CurrentRequest): void {
    const known = this.current;
    const isSame = requestId === known.requestId;
    this.#latest = { requestId, deadlineMs: deadlineMs ?? (isSame ? known.deadlineMs : undefined) };
    this.#listener?.started(this.#latest);
  }

  /**
   * A handler begins, as the runtime shows it or a wrapper around the handler.
   *
   * @returns to be called when the handler of the wrapper has ended. Where the runtime shows it, that is exact, and
   * this does nothing.
   */
  begin(request: CurrentRequest & { readonly requestId: string }): () => void {
    const { requestId } = request;
    const isNew = !this.#running.has(requestId);
    if (isNew) this.#latest = {}; // Also of an earlier run with this id.
    this.#running.add(requestId);
    this.#over.delete(requestId);
    this.know(request);
    // The reply is posted an immediate after the handler has ended.
    return () => void (isNew && setImmediate(() => setImmediate(() => this.end(requestId))));
  }

  end(requestId: string): void {
    if (!this.#running.delete(requestId)) return;
    this.#over.add(requestId);
    const [oldest = ''] = this.#over;
    if (this.#over.size > REMEMBERED_ENDS) this.#over.delete(oldest);
    this.#listener?.replied(requestId);
    this.#ringEnd(requestId);
  }
}
