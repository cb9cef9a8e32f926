import { type Answer, MAX_RECORD_BYTES } from '@async-http/client/protocol';
import { DestinationError } from '../destinations/destination-error.ts';
import type { Hold } from '../hold/hold.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { Log } from '../output/log.ts';
import type { JobStatuses } from '../status/job-statuses.ts';
import { formatEnvelope } from './format-envelope.ts';
import type { Engine } from './open-engine.ts';

interface Dependencies {
  readonly engine: Engine;
  /** Stores the progress of jobs; undefined without a store. */
  readonly statuses: JobStatuses | undefined;
  readonly hold: Hold;
  readonly log: Log;
}

/** How long a hand-off waits for the engine where the request's own time allows more. */
const PATIENCE_MS = 10_000;

/** Hand-offs that go to an engine: when the client is answered, the engine has accepted the job. */
export class Deliveries {
  readonly #dependencies: Dependencies;
  readonly #open = new Set<Promise<void>>();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  accept(entry: LogEntry): void {
    const { hold } = this.#dependencies;
    const close = hold.open();
    const delivery = this.#deliver(entry)
      .catch(refusalOf)
      .then((answer) => entry.answer(JSON.stringify(answer)))
      .finally(() => {
        this.#open.delete(delivery);
        close();
      });
    this.#open.add(delivery);
  }

  /** Resolves when every client has its answer. */
  async ended(): Promise<void> {
    await Promise.all(this.#open);
  }

  async #deliver(entry: LogEntry): Promise<Answer> {
    const { engine, statuses, hold, log } = this.#dependencies;
    const { jobId, requestId, acceptedAt, traceId, deadlineMs, keyHash } = entry.head;
    const json = formatEnvelope(
      { jobId, requestId, acceptedAt, traceId },
      entry.readEvent(),
      entry.readContext(),
    );
    const bytes = Buffer.byteLength(json);
    const maxBytes = MAX_RECORD_BYTES[engine.target.service];
    if (bytes > maxBytes) {
      const message = `The job has ${bytes} bytes. ASYNC_HTTP_DELIVERY (${engine.target.arn}) takes ${maxBytes}, so it was not accepted. Put the data into S3 and hand off its key.`;
      return { status: 'refused', refusal: { code: 'ASYNC_HTTP_PAYLOAD_TOO_LARGE', message } };
    }
    const placement = hold.place(requestId, deadlineMs);
    const leftMs =
      placement.start === 'now' ? placement.budget.abortAtMs - Date.now() : PATIENCE_MS;
    // It takes whole numbers only, and a budget divides its time into any.
    const signal = AbortSignal.timeout(Math.max(0, Math.floor(Math.min(leftMs, PATIENCE_MS))));
    await engine.deliver(json, { signal });
    statuses?.note(
      { jobId, acceptedAt, attempts: 0, deadlineMs, keyHash },
      { status: 'accepted', isWithEngine: true },
    );
    log.debug('job delivered', { requestId, jobId, engine: engine.target.arn });
    return { status: 'delivered' };
  }
}

function refusalOf(error: unknown): Answer {
  const reason = error instanceof DestinationError ? error.message : String(error);
  const message = `The job could not be delivered as ASYNC_HTTP_DELIVERY says, so it was not accepted: ${reason}`;
  return { status: 'refused', refusal: { code: 'ASYNC_HTTP_DELIVERY_FAILED', message } };
}
