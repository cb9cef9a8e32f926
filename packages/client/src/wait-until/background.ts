import { AsyncLocalStorage } from 'node:async_hooks';
import { textOf } from '../hand-off/text-of.ts';
import { isThenable } from '../is-thenable.ts';
import * as report from '../report.ts';
import type { CurrentRequest } from '../requests/current-request.ts';
import { shared } from '../shared.ts';
import { actAt } from './act-at.ts';
import type { Hold } from './hold.ts';
import { warnTime } from './hold-times.ts';
import { LeaseHold } from './lease-hold.ts';
import { reportTooLate } from './report-no-hold.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Shared = ReturnType<typeof shared>;

/** One thing that was given to `waitUntil`. */
interface Work {
  readonly requestId: string | undefined;
  /** Where `waitUntil` was called; as text only if it is needed. */
  readonly origin: { readonly stack?: string };
  /** The reply of its request is out. */
  isLeft: boolean;
}

/** How many pieces of work a log line names. */
const NAMED = 5;

/** The extension writes the deadline down when it hears of a lease. */
const DEADLINE_KNOWN_AFTER_MS = 100;

/**
 * Everything that was given to `waitUntil` in this process and has not settled, and the hold that it needs.
 * Work holds the environment within the time of its own request only.
 */
export class Background {
  readonly #env: Environment;
  /** Whether the environment stands still between two requests. */
  readonly #freezes: boolean;
  readonly #requests: Shared['requests'];
  /** What the hold is for. */
  readonly #open = new Set<Work>();
  #afterReply: { readonly requestId: string | undefined; readonly start: () => void }[] = [];
  #marginTimer: NodeJS.Timeout | undefined;
  #warnedFor: string | undefined;
  /** None outside Lambda, where nothing is ever frozen. */
  #hold: Hold | undefined;
  /** A moment longer than something is open: what settles may be about to add more. */
  #isHeld = false;

  constructor(env: Environment) {
    const { bell, requests } = shared(env);
    this.#env = env;
    this.#freezes =
      Boolean(env.AWS_LAMBDA_RUNTIME_API) &&
      env.AWS_LAMBDA_INITIALIZATION_TYPE !== 'lambda-managed-instances';
    this.#requests = requests;
    requests.listen(this);
    if (!env.AWS_LAMBDA_RUNTIME_API) return;
    this.#hold = new LeaseHold(bell);
    // The extension does not see the end of a thread. And a process that exits behind its reply lives on until the next
    // request: AWS's runtime client waits for that request in its own thread, and Node.js waits for the thread.
    process.on('exit', () => this.#exits());
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Until when the current request can be waited for. */
  get deadlineMs(): number | undefined {
    const { requestId, deadlineMs } = this.#requests.current;
    return deadlineMs ?? this.#hold?.deadlineOf(requestId);
  }

  /** Counts the promise as open until it has settled, and logs its rejection. */
  wait(promise: PromiseLike<unknown>, origin: Work['origin']): void {
    const settled = this.#begin(origin);
    // Not all that have a then() are promises: one can throw.
    Promise.resolve(promise).then(() => settled(), settled);
  }

  /** Calls the function when the reply is out, and counts it as open from now on until its promise has settled. */
  waitLater(start: () => unknown, origin: Work['origin']): void {
    const settled = this.#begin(origin);
    const { requestId } = this.#requests.current;
    const inThisContext = AsyncLocalStorage.snapshot();
    const run = () => {
      try {
        const promise = inThisContext(start);
        if (isThenable(promise)) {
          promise.then(() => settled(), settled);
          return;
        }
        report.warn(
          `waitUntil: the function given in request ${requestId ?? '-'} returned ${typeof promise} and not a promise, so its work is not waited for. Return the promise.`,
        );
        settled();
      } catch (error) {
        settled(error);
      }
    };
    if (this.#requests.isRunning(requestId)) this.#afterReply.push({ requestId, start: run });
    // Nobody sees when the handler ends: the runtime posts the reply an immediate after it.
    else setImmediate(() => setImmediate(run));
  }

  started(request: CurrentRequest): void {
    const left = [...this.#open].filter(
      (work) => work.isLeft || work.requestId !== request.requestId,
    );
    if (left.length > 0 && this.#freezes) this.#letGo(left);
    this.#hold?.started?.(request);
    this.#watchDeadline();
  }

  replied(requestId: string): void {
    const due = this.#afterReply.filter((later) => later.requestId === requestId);
    this.#afterReply = this.#afterReply.filter((later) => later.requestId !== requestId);
    for (const { start } of due) start();
    for (const work of this.#open) work.isLeft ||= work.requestId === requestId;
    this.#hold?.replied?.(requestId);
  }

  /** A hold of another kind than the environment by itself suggests. */
  useHold(hold: Hold): void {
    this.#hold = hold;
  }

  #begin(origin: Work['origin']): (error?: unknown) => void {
    const { current } = this.#requests;
    const work: Work = { requestId: current.requestId, origin, isLeft: false };
    if (this.#isTooLate(current)) {
      reportTooLate(`request ${current.requestId}`);
    } else {
      this.#open.add(work);
      this.#isHeld = true;
      this.#hold?.take(current);
      if (this.#open.size === 1) this.#watchDeadline();
    }
    return (...failure) => {
      if (this.#open.delete(work)) setImmediate(() => this.#releaseIfDone());
      if (failure.length > 0) {
        report.error(
          `waitUntil: work of request ${work.requestId ?? '-'} failed (${siteOf(work)}): ${textOf(failure[0], 'stack')}`,
        );
      }
    };
  }

  /** Its request was over, and nothing held the environment any more. */
  #isTooLate({ requestId }: CurrentRequest): boolean {
    return requestId !== undefined && this.#requests.isOver(requestId) && !this.#isHeld;
  }

  #exits(): void {
    // A function can emit the event by hand.
    if ((process as { _exiting?: boolean })._exiting === false) return;
    if (this.#open.size > 0) {
      report.error(
        `waitUntil: the process is exiting, and its unfinished work is lost: ${sitesOf([...this.#open])}`,
      );
    }
    this.#hold?.release();
  }

  /** The time of the request that they belong to is over: they may go on, but they hold nothing. */
  #letGo(left: readonly Work[]): void {
    this.#warn(left);
    for (const work of left) this.#open.delete(work);
    this.#releaseIfDone();
  }

  #releaseIfDone(): void {
    if (!this.#isHeld || this.#open.size > 0) return;
    this.#isHeld = false;
    this.#watchDeadline(); // Nothing is open: its timer ends.
    this.#hold?.release();
  }

  #watchDeadline(): void {
    clearTimeout(this.#marginTimer);
    if (this.#open.size === 0 || !this.#freezes) return;
    const { deadlineMs } = this;
    const atMs =
      deadlineMs === undefined
        ? Date.now() + DEADLINE_KNOWN_AFTER_MS
        : warnTime(this.#env, deadlineMs);
    const act = () => {
      if (deadlineMs !== undefined) this.#warn([...this.#open]);
      else if (this.deadlineMs !== undefined) this.#watchDeadline();
    };
    this.#marginTimer = actAt(atMs, act);
  }

  #warn(works: readonly Work[]): void {
    const requestId = works[0]?.requestId ?? '-';
    if (works.length === 0 || this.#warnedFor === requestId) return;
    this.#warnedFor = requestId;
    report.warn(
      `waitUntil: the hold of request ${requestId} ends before its deadline, with ${works.length} still running: ${sitesOf(works)}. ` +
        "It may resume with the next request, or never. Raise the function's timeout, or hand long work off with sendArgs.",
    );
  }
}

/** The one of this process. */
export function background(env: Environment): Background {
  const state = shared(env);
  state.background ??= new Background(env);
  return state.background as Background;
}

function sitesOf(works: readonly Work[]): string {
  const named = works.slice(0, NAMED).map(siteOf);
  if (works.length > NAMED) named.push(`and ${works.length - NAMED} more`);
  return named.join('; ');
}

/** Never throws: the function can have its own `Error.prepareStackTrace`, made for errors only. */
function siteOf({ origin }: Work): string {
  return textOf(origin, 'stack').split('\n')[1]?.trim() ?? 'at an unknown line';
}
