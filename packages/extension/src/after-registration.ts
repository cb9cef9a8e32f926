import type { Server } from 'node:http';
import { receive } from './inbox.ts';
import { Invocations } from './invocations.ts';
import { LAYER_HANDLERS } from './layer-handlers.ts';
import { runExtension } from './lifecycle.ts';
import type { Log } from './log.ts';
import { createParts } from './parts.ts';
import type { Extension } from './platform.ts';
import { listenForRuntimeDone } from './telemetry.ts';

interface Registered {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the layer's programs. */
  readonly programs: string;
  readonly extension: Extension;
  readonly socket: Server;
  /** Where the journal is kept: beside the socket, so that one variable moves both. */
  readonly stateFolder: string;
  readonly isManagedInstance: boolean;
  readonly log: Log;
  readonly write: (line: string) => void;
}

/** Everything that a registered extension does. Resolves after SHUTDOWN; the process must then exit. */
export async function runAfterRegistration(registered: Registered): Promise<void> {
  const { extension, socket, isManagedInstance, log } = registered;
  const invocations = new Invocations();
  const parts = createParts({ ...registered, functionHandler: extension.handler, invocations });
  receive(socket, parts.receiver, log);
  if (isManagedInstance) invocations.neverFreezes();
  else if (!LAYER_HANDLERS.includes(extension.handler)) {
    // Only where it is needed, because it costs part of INIT: ours say themselves when they are done.
    await watchRuntime(extension, invocations, parts.receiver.end, log);
  }
  await runExtension({ extension, invocations, ...parts, log });
}

async function watchRuntime(
  extension: Extension,
  invocations: Invocations,
  onEnd: (requestId: string) => void,
  log: Log,
): Promise<void> {
  try {
    const listener = await listenForRuntimeDone(onEnd, log);
    const answer = await extension.subscribeTelemetry(listener.uri);
    // Local emulators answer 202 and deliver nothing; they do not freeze either, so no hold is needed.
    if (answer === 'local') invocations.neverFreezes();
  } catch (error) {
    log.warn(
      'no telemetry: a request that hands nothing off is held until shortly before its deadline',
      { error: String(error) },
    );
  }
}
