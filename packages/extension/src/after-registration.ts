import { rmSync } from 'node:fs';
import { cpuShare, readSettings, refusalPath } from '@async-http/client/protocol';
import type { Bell } from './bell/bell.ts';
import { Hold } from './hold/hold.ts';
import type { Extension } from './lambda/extensions-api.ts';
import { listenForRuntimeDone } from './lambda/telemetry-api.ts';
import { runExtension } from './lifecycle.ts';
import { LogFiles } from './log/log-files.ts';
import type { Log } from './output/log.ts';
import { type Launch, takeOver } from './take-over.ts';
import { wire } from './wire.ts';

interface Registered {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the layer's programs. */
  readonly programs: string;
  readonly extension: Extension;
  readonly launch: Launch;
  readonly bell: Bell;
  /** Where logs and answers are. */
  readonly folder: string;
  readonly isManagedInstance: boolean;
  readonly log: Log;
  readonly write: (line: string | Buffer) => void;
}

/** Our own handlers: they always report when they are done with a request. */
const LAYER_HANDLERS = ['/opt/proxy.handler', '/opt/proxy.consumer'];

/**
 * Of a core. Below it, the AWS SDK keeps this thread busy for seconds while it loads, and no deadline could be kept; so
 * it loads before, while the launcher holds.
 */
const SMALL_SHARE = 0.5;

/**
 * The share of a core that this process has had so far, all of which was loading. Too small where it has stood still in
 * between, and where others had the CPU.
 */
function shareWhileLoading(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000 / process.uptime();
}

/** Everything that a registered extension does. Resolves after SHUTDOWN; the process must then exit. */
export async function runAfterRegistration(registered: Registered): Promise<void> {
  const { env, extension, launch, bell, isManagedInstance, log } = registered;
  const settings = readSettings(env);
  const hold = new Hold({ maxMarginMs: settings.deadlineMarginMs });
  const logs = new LogFiles({ folder: registered.folder, lines: log });
  const parts = wire({ ...registered, settings, hold, logs });
  const promised = cpuShare(Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE));
  if (launch.isHeld && promised < SMALL_SHARE) await parts.preloadDestinations();
  hold.hasShare(Math.max(promised, shareWhileLoading()));
  const known = takeOver(launch);
  // The launcher holds only where it sees the function's process.
  if (known.event?.eventType === 'INVOKE') parts.processes.areVisible();
  for (const requestId of known.owed) hold.owes(requestId);
  // Of an earlier extension; the launcher has removed it.
  if (!launch.registration) rmSync(refusalPath(registered.folder), { force: true });
  for (const entry of logs.recover(launch.registration && known.left)) parts.jobs.recover(entry);

  if (isManagedInstance) hold.neverFreezes();
  else if (!known.event && !LAYER_HANDLERS.includes(extension.handler)) {
    // Possible before the first event only, and needed only where nobody else tells.
    await watchRuntime(extension, hold, parts.onEnd, log);
  }
  await runExtension({ ...registered, known, hold, logs, ...parts, listen: bell.listen });
}

async function watchRuntime(
  extension: Extension,
  hold: Hold,
  onEnd: (requestId: string, atMs: number) => void,
  log: Log,
): Promise<void> {
  try {
    const listener = await listenForRuntimeDone(onEnd, log);
    const answer = await extension.subscribeTelemetry(listener.uri);
    // Local emulators answer 202 and deliver nothing; they do not freeze either, so no hold is needed.
    if (answer === 'local') hold.neverFreezes();
  } catch (error) {
    log.warn(
      'no telemetry: a request that hands nothing off is held until shortly before its deadline',
      { error: String(error) },
    );
  }
}
