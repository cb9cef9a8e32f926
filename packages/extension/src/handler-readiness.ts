import type { HandlerProcess } from './handler-process/handler-process.ts';
import type { Placement } from './invocations.ts';
import { RefusalError } from './refusal.ts';

/** What a refusal means for the one who asked. */
export interface Consequence {
  /** `the job was not accepted` */
  readonly loss: string;
  /** A sentence: what to do. */
  readonly advice: string;
}

interface Dependencies {
  /** Undefined where `problems` says why there is none. */
  readonly handlerProcess: HandlerProcess | undefined;
  readonly problems: readonly string[];
}

/**
 * Resolves when the background handler is loaded: who asks while it loads waits for it, as long as there is
 * time to run.
 *
 * @throws {RefusalError}
 */
export async function untilReady(
  { handlerProcess, problems }: Dependencies,
  placement: Placement,
  consequence: Consequence,
): Promise<HandlerProcess> {
  if (!handlerProcess || problems.length > 0) throw unavailable(problems.join('; '), consequence);

  const ready = handlerProcess.ready().catch((error) => {
    throw unavailable(error instanceof Error ? error.message : String(error), consequence);
  });
  if (placement.start !== 'now') {
    await ready; // It settles within the time that a handler may take to load.
    return handlerProcess;
  }
  const { abortAtMs, functionDeadlineMs } = placement.budget;
  if (Date.now() >= abortAtMs) {
    ready.catch(() => {}); // The refusal below is the answer.
    const leftMs = functionDeadlineMs - Date.now();
    throw refusedAsEnding(`The function times out in ${leftMs} ms`, consequence);
  }
  await before(abortAtMs, ready, () =>
    unavailable('it is still loading, and the function is about to time out', consequence),
  );
  return handlerProcess;
}

/** A refusal because there is no time left; `because` is the beginning of its sentence. */
export function refusedAsEnding(because: string, { loss, advice }: Consequence): RefusalError {
  return new RefusalError('ASYNC_HTTP_SHUTTING_DOWN', `${because}, so ${loss}. ${advice}`);
}

function unavailable(reason: string, { loss }: Consequence): RefusalError {
  return new RefusalError(
    'ASYNC_HTTP_HANDLER_UNAVAILABLE',
    `The background handler cannot run, so ${loss}: ${reason}`,
  );
}

/** Settles as `promise` does, or rejects at `atMs` (wall clock). */
function before(atMs: number, promise: Promise<void>, late: () => Error): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), atMs - Date.now());
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
