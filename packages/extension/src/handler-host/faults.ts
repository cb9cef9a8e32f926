import type { Connection } from './connection.ts';
import type { LogError } from './console.ts';
import { errorFacts, RuntimeError } from './errors.ts';

/**
 * Reports an error that nobody catches before it ends this process. User code that listens for
 * 'uncaughtException' or 'unhandledRejection' keeps the say over its process, as in Lambda's
 * runtime from Node.js 24 on, which installs no such listener itself.
 */
export function reportUncaughtErrors({
  connection,
  logError,
  currentRun,
}: {
  connection: Connection;
  logError: LogError;
  /** The job whose code executes. Node.js keeps its asynchronous context up to here. */
  currentRun: () => number | undefined;
}): void {
  process.on('uncaughtExceptionMonitor', (thrown: unknown, origin) => {
    const isHandled =
      process.listenerCount('uncaughtException') > 0 ||
      process.hasUncaughtExceptionCaptureCallback();
    if (isHandled) return;
    const isRejection = origin === 'unhandledRejection';
    const error = isRejection ? unhandledRejection(thrown) : thrown;
    logError(isRejection ? 'Unhandled Promise Rejection' : 'Uncaught Exception', error);
    const run = currentRun();
    connection.send({ type: 'dying', error: errorFacts(error), ...(run !== undefined && { run }) });
    // Here, and not by returning: Node.js would print the same error once more.
    process.exit(1);
  });
}

function unhandledRejection(reason: unknown): RuntimeError {
  return new RuntimeError('Runtime.UnhandledPromiseRejection', rejectionMessage(reason), {
    cause: reason,
  });
}

/** Node.js wraps reasons that are no errors into one whose message ends with the reason. */
function rejectionMessage(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  if ('code' in reason && reason.code === 'ERR_UNHANDLED_REJECTION') {
    return /with the reason "(.*)"\.$/s.exec(reason.message)?.[1] ?? reason.message;
  }
  return String(reason);
}
