import { timerDelay } from '../max-timer.ts';
import { afterReading } from './after-reading.ts';
import { Child, type End } from './child.ts';
import type { Attempt, AttemptResult, HandlerProcess, HandlerProcessOptions } from './contract.ts';
import { failedWithProcess, HandlerLoadError } from './errors.ts';
import { execWrapper } from './exec-wrapper.ts';
import { describeExit } from './exit-status.ts';
import type { AbortReason, ErrorFacts } from './frames.ts';

/** How many processes a job is handed to, when none of them lives to finish it or to begin it. */
const HAND_OVERS = 4;

/** An attempt that has not settled. */
interface Open {
  readonly attempt: Attempt;
  readonly settle: (result: AttemptResult) => void;
  /** Where it runs; undefined while it waits. */
  place?: { readonly child: Child; readonly run: number } | undefined;
  handOvers: number;
  /** When it was handed to a process first. */
  startedAtMs?: number;
  /** Whether it may have ended a process, or has lost several to others: then nothing runs beside it. */
  runsAlone: boolean;
  abortReason?: AbortReason;
}

/** Makes the supervisor of the child process; nothing is started before `ready()` or `run()`. */
export function createHandlerProcess(options: HandlerProcessOptions): HandlerProcess {
  const { log } = options;
  const waiting = new Set<Open>();
  const running = new Set<Open>();
  /** The one that nothing may run beside, while it runs. */
  let alone: Open | undefined;
  let latest: Child | undefined;
  let wrapper = execWrapper(options.environment);
  let isClosed = false;
  let latestEnd: { readonly requestId: string; readonly atMs: number } | undefined;
  let reportedFailure: string | undefined;

  function currentChild(): Child {
    if (latest === undefined || latest.hasEnded) {
      latest = new Child(options, wrapper);
      watch(latest);
    }
    latest.resume();
    return latest;
  }

  function watch(child: Child): void {
    child.loaded.then(
      () => {
        reportedFailure = undefined;
        options.onLoaded?.();
        handOver();
        child.ended.then((end) => replace(child, end));
      },
      (error: HandlerLoadError) => {
        if (child.wasLostInWrapper && !isClosed) {
          dropWrapper(error);
          currentChild();
          return;
        }
        if (!child.isKilled) {
          reportLoadFailure(error);
          options.onLoadFailed?.(error);
        }
        if (child === latest) failAll(waiting, error);
      },
    );
  }

  /** A job without what the wrapper adds is better than none. */
  function dropWrapper({ errorType, errorMessage, stackTrace }: HandlerLoadError): void {
    log.warn(
      `The background handler cannot be started through AWS_LAMBDA_EXEC_WRAPPER (${wrapper}), so it runs without it: ${errorType}: ${errorMessage}`,
      { errorType, errorMessage, stackTrace },
    );
    wrapper = undefined;
  }

  /** @throws {HandlerLoadError} */
  async function untilLoaded(): Promise<void> {
    const child = currentChild();
    await child.loaded.catch((error) => {
      if (!child.wasLostInWrapper || isClosed) throw error;
      return untilLoaded();
    });
  }

  function reportLoadFailure(error: HandlerLoadError): void {
    const { errorType, errorMessage, stackTrace } = error;
    // Every hand-off tries again, and gets the reason; the log needs it once.
    const level = reportedFailure === error.message ? 'debug' : 'error';
    reportedFailure = error.message;
    log[level](error.message, { errorType, errorMessage, stackTrace });
  }

  /** Starts the next child while there is time, and reports what no failed attempt will. */
  function replace(child: Child, { error, failed, returned, suspects }: End): void {
    const { errorType, errorMessage, stackTrace } = error;
    if (failed > 0 && !child.isKilled) currentChild();
    const how = errorType.startsWith('Runtime.')
      ? errorMessage
      : `The handler process ended because of ${errorType}: ${errorMessage}`;
    // A failed attempt is logged with the stack by its owner.
    const facts = failed === 0 && stackTrace.length > 0 && { errorType, errorMessage, stackTrace };
    const warn = (effect: string, jobs?: number) =>
      log.warn(`${how}${effect}`, { ...(jobs !== undefined && { jobs }), ...facts });
    if (suspects > 0)
      warn(
        '. It is not known which job is responsible, so each of them runs again, alone',
        suspects,
      );
    else if (returned > 0) warn('. The jobs that are not responsible run again', returned);
    else if (failed === 0 && !child.isKilled)
      warn(' while it ran no job. The next job restarts it');
  }

  /** Gives the child what may run now. A suspect waits until nothing else runs, and later jobs wait for it. */
  function handOver(): void {
    if (isClosed) failAll(waiting, closedError(options.handler));
    if (waiting.size === 0) return;
    const child = currentChild();
    if (!child.isLoaded || alone) return;
    const suspect = [...waiting].find(({ runsAlone }) => runsAlone);
    if (!suspect) for (const job of waiting) begin(job, child);
    else if (running.size === 0) begin(suspect, child);
  }

  async function begin(job: Open, child: Child): Promise<void> {
    const { run, outcome } = child.run(job.attempt);
    job.place = { child, run };
    job.handOvers += 1;
    job.startedAtMs ??= Date.now();
    waiting.delete(job);
    running.add(job);
    if (job.runsAlone) alone = job;
    if (job.abortReason) child.abort(run, job.abortReason);
    const result = await outcome;
    job.place = undefined;
    running.delete(job);
    waiting.add(job);
    if (alone === job) alone = undefined;
    if (result.status !== 'returned') job.settle(result);
    else if (job.handOvers === HAND_OVERS || Date.now() >= job.attempt.killAtMs)
      failAll([job], result.error);
    else job.runsAlone ||= result.isSuspect || job.handOvers > 1;
    handOver();
  }

  /** Ends one attempt; its process too, if it runs. */
  async function end(job: Open, reason: ErrorFacts): Promise<void> {
    // A result that has arrived counts: this process may have stood still.
    await new Promise<void>(afterReading);
    if (!waiting.has(job) && !running.has(job)) return;
    const { child, run } = job.place ?? {};
    if (run === undefined) failAll([job], reason);
    else if (child?.runs(run)) await child.kill({ run, error: reason });
  }

  return {
    get isLoaded() {
      return latest?.isLoaded === true;
    },
    get hasTracer() {
      return latest?.hasTracer === true;
    },
    async ready() {
      if (isClosed) throw closedError(options.handler);
      await untilLoaded();
    },
    pause() {
      latest?.pause();
    },
    run(attempt) {
      const { promise, resolve } = Promise.withResolvers<AttemptResult>();
      const job: Open = {
        attempt,
        handOvers: 0,
        runsAlone: false,
        settle(result) {
          waiting.delete(job);
          running.delete(job);
          clearTimeout(timer);
          latestEnd = { requestId: attempt.requestId, atMs: Date.now() };
          if (job.startedAtMs !== undefined) options.onEnded?.(attempt, result, job.startedAtMs);
          resolve(result);
        },
      };
      // The extension has its own, earlier deadline; this one makes sure that every attempt ends.
      const timer = setTimeout(
        () => end(job, timedOut("the function's time was over")),
        timerDelay(attempt.functionDeadlineMs - Date.now()),
      );
      waiting.add(job);
      handOver();
      return promise;
    },
    async exportTail(tail) {
      const { requestId, atMs = 0 } = latestEnd ?? {};
      if (requestId !== tail.requestId || atMs <= tail.repliedAtMs) return;
      if (latest?.isLoaded && latest.hasTracer) await latest.exportTail(tail);
    },
    abort(jobId, reason) {
      for (const job of [...waiting, ...running]) {
        if (jobId !== undefined && job.attempt.jobId !== jobId) continue;
        job.abortReason ??= reason;
        job.place?.child.abort(job.place.run, reason);
      }
    },
    async kill(jobId) {
      if (jobId === undefined) {
        failAll(waiting, describeExit({ signal: 'SIGKILL' }));
        await latest?.kill();
        return;
      }
      const jobs = [...waiting, ...running].filter(({ attempt }) => attempt.jobId === jobId);
      await Promise.all(jobs.map((job) => end(job, timedOut('its time was over'))));
    },
    async close() {
      isClosed = true;
      await this.kill();
    },
  };
}

function failAll(jobs: Iterable<Open>, reason: ErrorFacts): void {
  for (const job of jobs) job.settle(failedWithProcess(reason));
}

function timedOut(when: string): ErrorFacts {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `The job still ran when ${when}`,
    stackTrace: [],
  };
}

function closedError(handler: string): HandlerLoadError {
  return new HandlerLoadError({
    handler,
    errorType: 'Extension.ShuttingDown',
    errorMessage: 'the environment is shutting down',
    stackTrace: [],
  });
}
