import type { Accepted } from '@async-http/client/protocol';
import { DestinationError } from '../destinations/destination-error.ts';
import type { HandOff } from '../inbox.ts';
import type { Invocations } from '../invocations.ts';
import type { Ledger } from '../ledger.ts';
import { RefusalError } from '../refusal.ts';
import type { Engine } from './open-engine.ts';

interface Dependencies {
  readonly engine: Engine;
  /** Why every hand-off is refused, a sentence each. */
  readonly problems: readonly string[];
  readonly ledger: Ledger;
  readonly invocations: Invocations;
}

/** How long a hand-off waits for the engine where the request's own time allows more. */
const PATIENCE_MS = 10_000;

/**
 * Accepts a hand-off by giving it to an engine: when this resolves, the engine has taken the job, and
 * nothing of it is left here.
 *
 * @throws {RefusalError}
 */
export function deliverToEngine(
  handOff: HandOff,
  { engine, problems, ledger, invocations }: Dependencies,
): Promise<Accepted> {
  return ledger.once(handOff.idempotencyKey, async () => {
    if (problems.length > 0) throw refused(problems.join('; '));
    const { requestId, traceId, body, deadlineMs } = handOff;
    const jobId = ledger.nextId(requestId);
    const close = invocations.open();
    try {
      const placement = invocations.place(requestId, deadlineMs);
      const leftMs =
        placement.start === 'now' ? placement.budget.abortAtMs - Date.now() : PATIENCE_MS;
      // It takes whole numbers only, and a budget divides its time into any.
      const signal = AbortSignal.timeout(Math.max(0, Math.floor(Math.min(leftMs, PATIENCE_MS))));
      await engine.deliver({ jobId, requestId, acceptedAt: Date.now(), traceId, body }, { signal });
      return { jobId };
    } catch (error) {
      throw error instanceof DestinationError ? refused(error.message) : error;
    } finally {
      close();
    }
  });
}

function refused(reason: string): RefusalError {
  return new RefusalError(
    'ASYNC_HTTP_DELIVERY_FAILED',
    `The job could not be delivered as ASYNC_HTTP_DELIVERY says, so it was not accepted: ${reason}`,
  );
}
