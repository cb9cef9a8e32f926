import type { EngineRuns } from './delivery/engine-runs.ts';
import type { HoldMetrics } from './hold-metrics.ts';
import type { Invocations } from './invocations.ts';
import type { Jobs } from './jobs.ts';
import type { Leases } from './leases.ts';
import type { Log } from './log.ts';
import type { Extension, InvokeEvent } from './platform.ts';

/** What is left of the SHUTDOWN window for ending this process, after the jobs have ended. */
const EXIT_RESERVE_MS = 200;

interface Dependencies {
  readonly extension: Extension;
  readonly invocations: Invocations;
  readonly jobs: Jobs;
  readonly runs: EngineRuns;
  readonly leases: Leases;
  readonly metrics: HoldMetrics | undefined;
  readonly log: Log;
}

/**
 * The life of the extension after registration. Asking for the next event ends our part of the
 * last one, and Lambda may then freeze the environment; so we ask only when its hold has ended.
 *
 * Resolves after SHUTDOWN; the process must then exit.
 */
export async function runExtension({
  extension,
  invocations,
  jobs,
  runs,
  leases,
  metrics,
  log,
}: Dependencies): Promise<void> {
  if (!invocations.freezes) jobs.startPendingUnfrozen();
  while (true) {
    const event = await extension.next();
    switch (event.eventType) {
      case 'INVOKE':
        await hold(event);
        break;
      case 'SHUTDOWN':
        log.debug('shutting down', { reason: event.shutdownReason });
        leases.shutdown();
        // First, because the jobs take the handler process with them.
        await runs.shutdown(event.deadlineMs - EXIT_RESERVE_MS);
        await jobs.shutdown(event.deadlineMs - EXIT_RESERVE_MS);
        return;
      default:
        event satisfies never;
    }
  }

  async function hold({ requestId, deadlineMs }: InvokeEvent): Promise<void> {
    // The function may have ended already; the hold must not end before the pending jobs are part of it.
    const close = invocations.open();
    const { budget, released } = invocations.begin({ requestId, deadlineMs });
    jobs.startPending(budget);
    close();
    const timers = [
      // Nothing that is handed off from here on could run, so there is nothing to wait for but open work.
      setTimeout(() => invocations.end(requestId), budget.abortAtMs - Date.now()),
      setTimeout(() => {
        log.warn('work was still open when the hold had to end', { requestId });
        invocations.release();
      }, budget.releaseAtMs - Date.now()),
    ];
    await released;
    for (const timer of timers) clearTimeout(timer);
    metrics?.holdEnded();
  }
}
