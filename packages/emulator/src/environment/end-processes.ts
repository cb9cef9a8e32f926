import type { ShutdownReason } from '../lambda-types.ts';
import type { Generation } from '../parties/generation.ts';
import { RUNTIME_SHUTDOWN_SHARE_MS, SHUTDOWN_WINDOW_MS } from '../parties/lifecycle-limits.ts';
import { withinMs } from '../within-ms.ts';

/**
 * SHUTDOWN: the runtime first, with SIGTERM; then the extensions, with the event if they asked for
 * it, else with SIGKILL. Resolves when all have ended or the window is over; what is left then is
 * for the caller to kill. Without extensions nobody is told anything.
 *
 * @param beforeKill of a runtime that does not end by itself
 */
export async function endProcesses(
  generation: Generation,
  reason: ShutdownReason,
  beforeKill: () => Promise<void>,
): Promise<void> {
  const started = generation.externalExtensions.filter(({ process }) => process !== undefined);
  const hasExternal = started.length > 0;
  const kind = hasExternal ? 'external' : generation.extensions.length > 0 ? 'internal' : 'none';
  const windowMs = SHUTDOWN_WINDOW_MS[kind];
  if (windowMs === 0) return;

  const deadlineMs = Date.now() + windowMs;
  const { runtimeProcess } = generation;
  if (runtimeProcess) {
    runtimeProcess.signal('SIGTERM');
    await withinMs(hasExternal ? RUNTIME_SHUTDOWN_SHARE_MS : windowMs, runtimeProcess.exited);
    await beforeKill();
    runtimeProcess.signal('SIGKILL');
  }
  for (const extension of started) {
    if (extension.events.includes('SHUTDOWN')) {
      extension.release({ eventType: 'SHUTDOWN', deadlineMs, shutdownReason: reason });
    } else {
      extension.process?.signal('SIGKILL');
    }
  }
  const allExited = Promise.all(started.map(({ process }) => process?.exited));
  await withinMs(deadlineMs - Date.now(), allExited);
}
