import { processState } from '../process-state.ts';
import { DEFAULT_SOCKET_PATH, SOCKET_VARIABLE } from '../protocol.ts';
import { type CurrentRequest, currentRequestId } from './current-request.ts';
import { type Hold, NOTHING_TO_HOLD } from './hold.ts';
import { LeaseHold } from './lease-hold.ts';
import { marginMs } from './margin.ts';
import * as report from './report.ts';
import { watchRuntime } from './watch-runtime.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One thing that was given to `waitUntil`. */
interface Work {
  readonly requestId: string | undefined;
  /** Where `waitUntil` was called; as text only if it is needed. */
  readonly origin: { readonly stack?: string };
}

/** How many pieces of work a log line names. */
const NAMED = 5;

/**
 * Everything that was given to `waitUntil` in this process and has not settled, of whichever request,
 * and the hold that it needs. State of the process, shared by every copy of this package.
 */
export class Background {
  readonly #env: Environment;
  readonly #open = new Set<Work>();
  readonly #running = new Set<string | undefined>();
  #afterReply: { readonly requestId: string | undefined; readonly start: () => void }[] = [];
  #request: CurrentRequest = {};
  #marginTimer: NodeJS.Timeout | undefined;
  #warnedFor: CurrentRequest | undefined;
  hold: Hold;

  constructor(env: Environment) {
    this.#env = env;
    this.hold = this.#chooseHold();
    if (this.hold !== NOTHING_TO_HOLD || this.#isManagedInstance) {
      watchRuntime({
        started: (requestId) => this.started({ requestId }),
        replied: (requestId) => this.replied(requestId),
      });
    }
  }

  /** The request that calls, and what is known about it. */
  get currentRequest(): CurrentRequest {
    const requestId = currentRequestId() ?? this.#request.requestId;
    return requestId === this.#request.requestId ? this.#request : { requestId };
  }

  /** Counts the promise as open until it has settled, and logs its rejection. */
  wait(promise: PromiseLike<unknown>, origin: Work['origin']): void {
    const settled = this.#begin(origin);
    promise.then(() => settled(), settled);
  }

  /** Calls the function when the reply is out, and counts it as open from now on until its promise has settled. */
  waitLater(start: () => unknown, origin: Work['origin']): void {
    const settled = this.#begin(origin);
    const { requestId } = this.currentRequest;
    const run = () => {
      try {
        const promise = start();
        if (isThenable(promise)) {
          promise.then(() => settled(), settled);
          return;
        }
        report.warn(
          `waitUntil: the function given in request ${requestId ?? '-'} returned ${typeof promise} and no promise, so what it may have started is not waited for. Return the promise.`,
        );
        settled();
      } catch (error) {
        settled(error);
      }
    };
    if (this.#running.has(requestId)) this.#afterReply.push({ requestId, start: run });
    // Nobody sees when the handler ends: the runtime posts the reply an immediate after it.
    else setImmediate(() => setImmediate(run));
  }

  /** The handler of this request is about to run. */
  started(request: CurrentRequest): void {
    this.#know(request);
    this.#running.add(request.requestId);
    this.hold.started(request);
    if (this.#open.size > 0) this.hold.take(this.currentRequest); // Left over from an earlier request.
  }

  /** The reply of this request is out. Resolves when it is safe to let the runtime ask for its next invocation. */
  async replied(requestId: string | undefined): Promise<void> {
    if (!this.#running.delete(requestId)) return;
    const due = this.#afterReply.filter((later) => later.requestId === requestId);
    this.#afterReply = this.#afterReply.filter((later) => later.requestId !== requestId);
    for (const { start } of due) start();
    await this.hold.taken();
    this.hold.replied(requestId);
  }

  /** A hold of another kind than the environment by itself suggests. */
  useHold(hold: Hold): void {
    this.hold = hold;
  }

  /** What a hold knows about the current invocation. */
  know(request: CurrentRequest): void {
    this.#know({ ...request, requestId: request.requestId ?? this.currentRequest.requestId });
  }

  /** How long before the deadline a WARN names what is still running. */
  marginMs(deadlineMs: number): number {
    return marginMs(this.#env.ASYNC_HTTP_DEADLINE_MARGIN_MS, deadlineMs - Date.now());
  }

  get #isManagedInstance(): boolean {
    return this.#env.AWS_LAMBDA_INITIALIZATION_TYPE === 'lambda-managed-instances';
  }

  #chooseHold(): Hold {
    const isOnLambda = Boolean(this.#env.AWS_LAMBDA_RUNTIME_API);
    if (!isOnLambda || this.#isManagedInstance) return NOTHING_TO_HOLD;
    return new LeaseHold({
      socketPath: this.#env[SOCKET_VARIABLE] || DEFAULT_SOCKET_PATH,
      onDeadline: (deadlineMs) => this.know({ deadlineMs }),
      onCutOff: () => this.#warn(),
    });
  }

  #know(request: CurrentRequest): void {
    const isSame = request.requestId === this.#request.requestId;
    const deadlineMs = request.deadlineMs ?? (isSame ? this.#request.deadlineMs : undefined);
    this.#request = { requestId: request.requestId, deadlineMs };
    this.#watchDeadline();
  }

  #begin(origin: Work['origin']): (error?: unknown) => void {
    const work: Work = { requestId: this.currentRequest.requestId, origin };
    this.#open.add(work);
    this.hold.take(this.currentRequest);
    if (this.#open.size === 1) this.#watchDeadline();
    return (...failure) => {
      this.#open.delete(work);
      if (failure.length > 0) {
        report.error(
          `waitUntil: work of request ${work.requestId ?? '-'} failed (${siteOf(work)}): ${describe(failure[0])}`,
        );
      }
      // In a moment: what has just settled may be about to add more.
      if (this.#open.size === 0) setImmediate(() => this.#open.size === 0 && this.hold.release());
    };
  }

  #watchDeadline(): void {
    clearTimeout(this.#marginTimer);
    const { deadlineMs } = this.#request;
    if (deadlineMs === undefined || this.#open.size === 0) return;
    const atMs = deadlineMs - this.marginMs(deadlineMs);
    this.#marginTimer = setTimeout(() => this.#warn(), atMs - Date.now()).unref();
  }

  #warn(): void {
    const isSaid = this.#warnedFor && this.#warnedFor.requestId === this.#request.requestId;
    if (this.#open.size === 0 || isSaid) return;
    this.#warnedFor = this.#request;
    const { requestId, deadlineMs } = this.#request;
    const named = [...this.#open].slice(0, NAMED).map(siteOf);
    if (this.#open.size > NAMED) named.push(`and ${this.#open.size - NAMED} more`);
    const left =
      deadlineMs === undefined ? '' : `, ${deadlineMs - Date.now()} ms before its deadline`;
    report.warn(
      `waitUntil: the hold of request ${requestId ?? '-'} ends${left}, with ${this.#open.size} still running: ${named.join('; ')}. ` +
        "It goes on, if at all, with the next request. Raise the function's timeout, or hand long work off with sendArgs.",
    );
  }
}

/** The one of this process. */
export function background(env: Environment): Background {
  const state = processState();
  state.background ??= new Background(env);
  return state.background as Background;
}

function siteOf({ origin }: Work): string {
  return origin.stack?.split('\n')[1]?.trim() ?? 'at an unknown place';
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
