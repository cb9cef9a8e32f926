import type { Connection } from './connection.ts';
import { errorFacts, RuntimeError } from './errors.ts';

/**
 * Reports why this process ends, where it is known here: an error that nobody catches, or `process.exit()`,
 * and the job whose code did it. User code that listens for 'uncaughtException' or 'unhandledRejection'
 * keeps the say over its process, as in Lambda's runtime from Node.js 24 on, which installs no such
 * listener itself.
 *
 * @param currentRun the job whose code executes; Node.js keeps its asynchronous context up to both events
 */
export function reportEnd(connection: Connection, currentRun: () => number | undefined): void {
  const report = (error?: unknown) => {
    const run = currentRun();
    connection.send({
      type: 'dying',
      ...(error !== undefined && { error: errorFacts(error) }),
      ...(run !== undefined && { run }),
    });
  };
  const onExit = () => {
    // User code can emit the event by hand.
    if ((process as { _exiting?: boolean })._exiting !== false) report();
  };
  process.on('exit', onExit);
  process.on('uncaughtExceptionMonitor', (thrown: unknown, origin) => {
    const isHandled =
      process.listenerCount('uncaughtException') > 0 ||
      process.hasUncaughtExceptionCaptureCallback();
    if (isHandled) return;
    report(
      origin === 'unhandledRejection' ? unhandledRejection(thrown) : (thrown ?? String(thrown)),
    );
    process.off('exit', onExit);
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
