import type { Accepted } from '@async-http/client/protocol';
import type { Budget } from './budget.ts';
import type { AttemptResult, HandlerProcess } from './handler-process.ts';
import type { HandOff } from './inbox.ts';
import type { Invocations, Placement } from './invocations.ts';
import type { Log } from './log.ts';
import { RefusalError } from './refusal.ts';

/** An accepted `{event, context}`. It is open, and holds the environment, until it is settled. */
interface Job extends HandOff {
  readonly jobId: string;
  readonly acceptedAt: number;
  readonly close: () => void;
}

interface Dependencies {
  /** Undefined where `problems` says why there is none. */
  readonly handlerProcess: HandlerProcess | undefined;
  /** Why every hand-off is refused, a sentence each. */
  readonly problems: readonly string[];
  readonly invocations: Invocations;
  readonly log: Log;
}

/** How many hand-offs and requests are remembered, to know a repeated one and to count jobs. */
const REMEMBERED = 1_000;

/** A job's way: accept → attempt → settle. */
export class Jobs {
  readonly #dependencies: Dependencies;
  readonly #accepted = new Map<string, Promise<Accepted>>();
  readonly #counts = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #pending: Job[] = [];
  #isShuttingDown = false;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Takes a job in. When this resolves, the background handler is loaded, the job is in memory and
   * the environment is held for it.
   *
   * @throws {RefusalError}
   */
  accept(handOff: HandOff): Promise<Accepted> {
    const { idempotencyKey } = handOff;
    const known = this.#accepted.get(idempotencyKey);
    if (known) return known;
    const accepted = this.#admit(handOff);
    remember(this.#accepted, idempotencyKey, accepted);
    accepted.catch(() => this.#accepted.delete(idempotencyKey));
    return accepted;
  }

  /** Starts what came in after its own request was over. */
  startPending(budget: Budget): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const job of pending) this.#start(job, budget);
  }

  /** Refuses new jobs, aborts the running ones and gives them until `untilMs` (wall clock). */
  async shutdown(untilMs: number): Promise<void> {
    this.#isShuttingDown = true;
    const { handlerProcess, log } = this.#dependencies;
    for (const { jobId, requestId } of this.#pending) {
      log.error('job lost: the environment ended before it could start', { requestId, jobId });
    }
    if (this.#running.size > 0) {
      handlerProcess?.abort('shutdown');
      const timer = setTimeout(() => handlerProcess?.kill(), untilMs - Date.now());
      await Promise.all(this.#running);
      clearTimeout(timer);
    }
    await handlerProcess?.close();
  }

  async #admit(handOff: HandOff): Promise<Accepted> {
    const { invocations, log } = this.#dependencies;
    const { requestId } = handOff;
    // Open already now: the request may end while the background handler loads.
    const close = invocations.open();
    try {
      const placement = invocations.place(requestId, handOff.deadlineMs);
      await this.#untilReady(placement);
      const jobId = this.#nextId(requestId);
      const job = { ...handOff, jobId, acceptedAt: Date.now(), close };
      if (placement.start === 'now') {
        // After the answer has been written.
        setImmediate(() => this.#start(job, placement.budget));
      } else {
        this.#pending.push(job);
        log.warn(
          'handed off after its request was over: the job starts with the next invocation of this environment. Await sendArgs() before you return',
          { requestId, jobId },
        );
      }
      return { jobId };
    } catch (error) {
      close();
      throw error;
    }
  }

  /** A hand-off that arrives while the background handler loads waits for it, as long as there is time to run. */
  async #untilReady(placement: Placement): Promise<void> {
    const { handlerProcess, problems } = this.#dependencies;
    this.#refuseAtShutdown();
    if (!handlerProcess || problems.length > 0) throw unavailable(problems.join('; '));

    const ready = handlerProcess.ready().catch((error) => {
      throw unavailable(error instanceof Error ? error.message : String(error));
    });
    if (placement.start !== 'now') return ready;
    const { abortAtMs, functionDeadlineMs } = placement.budget;
    if (Date.now() >= abortAtMs) {
      ready.catch(() => {}); // The refusal below is the answer.
      throw refusedAsEnding(`The function times out in ${functionDeadlineMs - Date.now()} ms`);
    }
    await before(abortAtMs, ready, () =>
      unavailable('it is still loading, and the function is about to time out'),
    );
    this.#refuseAtShutdown();
  }

  #refuseAtShutdown(): void {
    if (this.#isShuttingDown) throw refusedAsEnding('Lambda is ending this environment');
  }

  #nextId(requestId: string): string {
    const n = (this.#counts.get(requestId) ?? 0) + 1;
    remember(this.#counts, requestId, n);
    return `${requestId}.${n}`;
  }

  #start(job: Job, budget: Budget): void {
    const run = this.#run(job, budget).finally(() => {
      this.#running.delete(run);
      job.close();
    });
    this.#running.add(run);
  }

  async #run(job: Job, { functionDeadlineMs, abortAtMs, killAtMs }: Budget): Promise<void> {
    const { handlerProcess } = this.#dependencies;
    if (!handlerProcess) return;
    const { jobId, requestId, traceId, body } = job;
    const timer = setTimeout(() => handlerProcess.kill(), killAtMs - Date.now());
    const result = await handlerProcess.run({
      jobId,
      attempt: 1,
      requestId,
      // Its process fires the job's signal then.
      deadlineMs: abortAtMs,
      functionDeadlineMs,
      ...(traceId !== undefined && { traceId }),
      body,
    });
    clearTimeout(timer);
    this.#report(job, result, Date.now() >= abortAtMs);
  }

  #report({ jobId, requestId, acceptedAt }: Job, result: AttemptResult, isLate: boolean): void {
    const { log } = this.#dependencies;
    const facts = { requestId, jobId, durationMs: Date.now() - acceptedAt };
    if (result.status === 'succeeded') {
      log.info('job succeeded', facts);
      return;
    }
    const { errorType, errorMessage } = result;
    const outcome = this.#isShuttingDown
      ? 'job aborted: the environment is ending'
      : isLate
        ? 'job aborted: it was still running at the deadline. Give the function a longer timeout'
        : 'job failed';
    log.error(outcome, { ...facts, errorType, errorMessage });
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/** Settles as `promise` does, or rejects at `atMs` (wall clock). */
function before(atMs: number, promise: Promise<void>, late: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), atMs - Date.now());
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function unavailable(reason: string): RefusalError {
  return new RefusalError(
    'ASYNC_HTTP_HANDLER_UNAVAILABLE',
    `The background handler cannot run, so the job was not accepted: ${reason}`,
  );
}

function refusedAsEnding(because: string): RefusalError {
  return new RefusalError(
    'ASYNC_HTTP_SHUTTING_DOWN',
    `${because}, so the job was not accepted. Send the request again.`,
  );
}
