import type { ErrorFacts } from '../frames.ts';
import type {
  Attempt,
  AttemptResult,
  HandlerProcess,
  HandlerProcessOptions,
} from '../handler-process.ts';
import { Child } from './child.ts';
import { HandlerLoadError } from './errors.ts';
import type { RunOutcome } from './runs.ts';

/** A job that three processes in a row did not live to take up is not offered to a fourth. */
const HAND_OVERS = 3;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Keeps one child alive while it is needed: see `HandlerProcess`. */
export function superviseHandlerProcess(options: HandlerProcessOptions): HandlerProcess {
  const { log } = options;
  let latest: Child | undefined;
  let isClosed = false;
  let reportedFailure: string | undefined;

  function currentChild(): Child {
    if (latest === undefined || latest.hasEnded) {
      latest = new Child(options);
      watch(latest);
    }
    return latest;
  }

  function watch(child: Child): void {
    child.loaded.then(
      () => {
        reportedFailure = undefined;
        child.ended.then(({ error, attempts }) => {
          if (child.isKilled) return;
          // Its jobs will be tried again, or the next request will come: load while there is time.
          if (attempts > 0) currentChild();
          else
            log.warn(`${error.errorMessage}, though it ran no job. The next job starts it again.`);
        });
      },
      (error: HandlerLoadError) => {
        if (!child.isKilled) reportLoadFailure(error);
      },
    );
  }

  function reportLoadFailure(error: HandlerLoadError): void {
    const { errorType, errorMessage, stackTrace } = error;
    // Every hand-off tries again, and is told the reason; the same reason again is no news for the log.
    const level = reportedFailure === error.message ? 'debug' : 'error';
    reportedFailure = error.message;
    log[level](error.message, { errorType, errorMessage, stackTrace });
  }

  async function handOver(attempt: Attempt): Promise<RunOutcome> {
    if (isClosed) return failed(closedError(options.handler));
    const child = currentChild();
    try {
      // Without a pause where it can be avoided: a kill() that follows has to find the job there.
      if (!child.isLoaded) await child.loaded;
    } catch (error) {
      return failed(error as HandlerLoadError);
    }
    const { run, outcome } = child.run(attempt);
    // The extension has its own, earlier deadline; this one makes sure that every attempt ends.
    let isOver = false;
    const kill = () => {
      if (!isOver) child.kill({ run, error: timedOut(attempt) });
    };
    const timer = setTimeout(
      // A result that has arrived is read first: this process may have stood still.
      () => setImmediate(kill),
      Math.min(Math.max(0, attempt.functionDeadlineMs - Date.now()), LONGEST_TIMER_MS),
    );
    return outcome.finally(() => {
      isOver = true;
      clearTimeout(timer);
    });
  }

  return {
    start() {
      if (!isClosed) currentChild();
    },
    async ready() {
      if (isClosed) throw closedError(options.handler);
      await currentChild().loaded;
    },
    async run(attempt) {
      for (let handOvers = 1; ; handOvers += 1) {
        const outcome = await handOver(attempt);
        if (outcome.status !== 'unstarted') return outcome;
        if (handOvers === HAND_OVERS) return failed(outcome.error);
      }
    },
    abort(reason) {
      latest?.abort(reason);
    },
    async kill() {
      await latest?.kill();
    },
    async close() {
      isClosed = true;
      await latest?.kill();
    },
  };
}

function failed({ errorType, errorMessage, stackTrace }: ErrorFacts): AttemptResult {
  const error = { errorType, errorMessage, stackTrace };
  return { status: 'failed', ...error, cause: 'process', retriable: true };
}

function timedOut({ functionDeadlineMs }: Attempt): ErrorFacts {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `The job still ran when the function's time was over, at ${new Date(functionDeadlineMs).toISOString()}`,
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
