import { setTimeout as sleep } from 'node:timers/promises';
import { pidOf } from '@async-http/client/protocol';
import type { Bell } from './bell/bell.ts';
import type { Hold } from './hold/hold.ts';
import type { Extension, InvokeEvent, ShutdownEvent } from './lambda/extensions-api.ts';
import type { LogFiles } from './log/log-files.ts';
import { refuseHandOffs } from './log/refusal.ts';
import { timerDelay } from './max-timer.ts';
import type { Log } from './output/log.ts';
import type { Known } from './take-over.ts';
import type { Parts } from './wire.ts';

/** What is left of the SHUTDOWN window for ending this process, after the jobs have ended. */
const EXIT_RESERVE_MS = 200;

/** Lambda announces 2 s, and has been seen to grant less than 1.3 s to small functions. */
const SHUTDOWN_MS = 1_000;

/** Where the function still runs at SHUTDOWN, a hand-off may be between its check and its bell. */
const LAST_HAND_OFFS_MS = 20;

/** How soon the death of the function is noticed: SHUTDOWN comes only when the next event is asked for. */
const LOOK_EVERY_MS = 100;

interface Dependencies extends Parts {
  readonly extension: Extension;
  readonly known: Known;
  readonly listen: Bell['listen'];
  readonly hold: Hold;
  readonly logs: LogFiles;
  readonly folder: string;
  readonly log: Log;
}

/**
 * The life of the extension after registration. Asking for the next event ends our part of the
 * last one, and Lambda may then freeze the environment; so we ask only when its hold has ended.
 *
 * Resolves after SHUTDOWN; the process must then exit.
 */
export async function runExtension(parts: Dependencies): Promise<void> {
  const { extension, known, listen, hold, logs, jobs, metrics, log } = parts;
  const start = () => {
    for (const line of known.lines) parts.heed(line);
    listen(parts.heed);
  };
  if (!hold.freezes) {
    jobs.startPendingUnfrozen();
    setInterval(() => logs.retire(), LOOK_EVERY_MS).unref(); // There, no hold ends.
  }
  // What was rung belongs to the event that the launcher has got, if it has.
  if (!known.event) start();
  let event = known.event ?? (await next());
  let onHeld: (() => void) | undefined = known.event && start;
  while (event.eventType === 'INVOKE') {
    await holdFor(event, onHeld);
    onHeld = undefined;
    event = await next();
  }
  await shutdown(event, onHeld);

  function next() {
    hold.asks(Date.now());
    return extension.next();
  }

  async function holdFor({ requestId, deadlineMs }: InvokeEvent, held?: () => void): Promise<void> {
    // The function may have ended already; the hold must not end before the pending jobs are part of it.
    const close = hold.open();
    const { budget, released } = hold.begin({ requestId, deadlineMs });
    jobs.startPending(budget);
    held?.();
    close();
    const at = (atMs: number, act: () => void) => setTimeout(act, timerDelay(atMs - Date.now()));
    const timers = [
      // Nothing that is handed off from here on could run, so there is nothing to wait for but open work.
      at(budget.abortAtMs, () => hold.timeIsUp()),
      at(budget.releaseAtMs, () => {
        log.warn('work was still open when the hold had to end', { requestId });
        hold.release();
      }),
    ];
    const watch = setInterval(() => watchFunction(), LOOK_EVERY_MS);
    await released;
    for (const timer of [...timers, watch]) clearTimeout(timer);
    await parts.exportTail(requestId, budget.releaseAtMs);
    metrics?.holdEnded();
    logs.retire();
  }

  function watchFunction(): void {
    const pid = parts.functionPid();
    if (pid !== undefined && parts.processes.hasDied(pid)) hold.functionDied();
    for (const instance of hold.leases) {
      if (parts.processes.hasDied(pidOf(instance))) hold.lease(instance, false);
    }
  }

  async function shutdown(
    { deadlineMs, shutdownReason }: ShutdownEvent,
    whenKnown?: () => void,
  ): Promise<void> {
    log.debug('shutting down', { reason: shutdownReason });
    const now = Date.now();
    const leftMs = deadlineMs - EXIT_RESERVE_MS - now;
    // Managed Instances end as they say; nothing has been heard of them ending early.
    const untilMs = now + (hold.freezes ? Math.min(leftMs, SHUTDOWN_MS) : leftMs);
    if (!hold.freezes) {
      const message =
        'Lambda is ending this environment, so the job was not accepted. Send the request again.';
      refuseHandOffs(parts.folder, { code: 'ASYNC_HTTP_SHUTTING_DOWN', message });
    }
    // First the runs, because the jobs take the handler process with them.
    const ended = [parts.runs.shutdown(untilMs), jobs.shutdown(untilMs)];
    whenKnown?.();
    await Promise.all(ended);
    if (!hold.freezes) await Promise.race([leasesEnded(), sleep(untilMs - Date.now())]);
    if (!hold.freezes) await sleep(LAST_HAND_OFFS_MS);
    for (const entry of logs.unheard()) parts.accept(entry);
    await Promise.all([jobs.ended(), parts.deliveries?.ended()]);
    await parts.statuses?.shutdown(untilMs);
    await parts.handlerProcess.close();
    for (const instance of hold.leases) {
      log.warn(
        `work of waitUntil was still running in process ${instance} when the environment ended`,
      );
    }
    metrics?.holdEnded();
  }

  async function leasesEnded(): Promise<void> {
    while (hold.leases.size > 0) {
      await sleep(LOOK_EVERY_MS / 10);
      watchFunction();
    }
  }
}
