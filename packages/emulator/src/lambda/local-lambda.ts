import { randomUUID } from 'node:crypto';
import {
  ClosedError,
  EnvironmentUnknownError,
  EventInvalidError,
  NotTrackedError,
} from '../errors.ts';
import type {
  InvokeOptions,
  InvokeResult,
  Lambda,
  LambdaEvent,
  LogLine,
  ShutdownReason,
  UnfinishedWork,
} from '../lambda-types.ts';
import { Invocation } from '../parties/invocation.ts';
import { MAX_EVENT_BYTES } from '../payload-limits.ts';
import type { EnvironmentControl } from './environment-control.ts';
import { History } from './history.ts';
import type { InvocationTarget } from './invocation-target.ts';

export type OnPayload = (requestId: string, kind: 'event' | 'response', payload: Buffer) => void;

interface Dependencies {
  readonly name: string;
  /** How many events and log lines are kept. */
  readonly history: number;
  readonly trackUnfinished: boolean;
  readonly onEvent?: ((event: LambdaEvent) => void) | undefined;
  /** Called with the event and the response of each invoke. */
  readonly onPayload?: OnPayload | undefined;
  readonly createTarget: (onEvent: (event: LambdaEvent) => void) => InvocationTarget;
  readonly removeFiles: () => Promise<void>;
}

/** What `startLambda()` hands out: records what happens and passes requests on to the environments. */
export class LocalLambda implements Lambda {
  readonly name: string;
  readonly #onEvent: ((event: LambdaEvent) => void) | undefined;
  readonly #onPayload: OnPayload | undefined;
  readonly #removeFiles: () => Promise<void>;
  readonly #target: InvocationTarget;
  readonly #timeline: History<LambdaEvent>;
  readonly #logs: History<LogLine>;
  /** By environment, at its last freeze; undefined where nobody looks. */
  readonly #unfinished: Map<string, readonly UnfinishedWork[]> | undefined;
  #closed: Promise<void> | undefined;

  constructor(dependencies: Dependencies) {
    const { name, history, trackUnfinished, onEvent, onPayload, createTarget, removeFiles } =
      dependencies;
    this.name = name;
    this.#unfinished = trackUnfinished ? new Map() : undefined;
    this.#timeline = new History(history);
    this.#logs = new History(history);
    this.#onEvent = onEvent;
    this.#onPayload = onPayload;
    this.#removeFiles = removeFiles;
    this.#target = createTarget((event) => this.#record(event));
  }

  get timeline(): readonly LambdaEvent[] {
    return this.#timeline.entries;
  }

  get logs(): readonly LogLine[] {
    return this.#logs.entries;
  }

  /** A line of the emulator itself, about the function as a whole. */
  say(line: string): void {
    this.#record({ at: Date.now(), environmentId: '', type: 'log', source: 'platform', line });
  }

  async invoke(event: unknown, options: InvokeOptions = {}): Promise<InvokeResult> {
    if (this.#closed) throw new ClosedError(this.name);
    const { traceId, tenantId, signal, onChunk } = options;
    signal?.throwIfAborted();
    const payload = toJson(event);
    if (payload.length > MAX_EVENT_BYTES) return payloadTooLarge();
    const clientContext =
      options.clientContext === undefined ? undefined : toJson(options.clientContext).toString();
    const invocation = new Invocation({
      event: payload,
      requestId: options.requestId,
      traceId,
      clientContext,
      tenantId,
      onChunk,
    });
    const { requestId } = invocation;
    this.#onPayload?.(requestId, 'event', payload);
    if (!this.#target.accept(invocation)) {
      this.#record({ at: Date.now(), environmentId: '', requestId, type: 'throttled' });
      return throttled(requestId);
    }
    if (this.#onPayload) void this.#reportResponse(invocation, this.#onPayload);
    return signal ? orAborted(invocation.result, signal) : invocation.result;
  }

  async unfinished(): Promise<UnfinishedWork[]> {
    if (!this.#unfinished) throw new NotTrackedError(this.name);
    await this.idle();
    return [...this.#unfinished.values()].flat();
  }

  idle(): Promise<void> {
    return this.#target.idle();
  }

  async shutdown(reason: ShutdownReason = 'spindown'): Promise<void> {
    if (this.#closed) throw new ClosedError(this.name);
    await this.#target.shutdown(reason);
  }

  /**
   * Ends running invokes as a reset does, SHUTDOWN included, where nobody can wait for them any more.
   * A `shutdown()` that waits for them continues then.
   */
  interrupt(): void {
    this.#target.interrupt();
  }

  /** Starts no more environments; a request that only a new one could take is rejected. */
  stopStarting(): void {
    this.#target.stopStarting();
  }

  kill(process: 'runtime' | { extension: string }): Promise<void> {
    return this.#target.kill(process);
  }

  /** All environments that are there. */
  environments(): readonly EnvironmentControl[] {
    return this.#target.controls();
  }

  /** @throws code `ASYNC_HTTP_EMULATOR_ENVIRONMENT_UNKNOWN`. */
  environment(id: string): EnvironmentControl {
    const found = this.environments().find((environment) => environment.id === id);
    if (!found) throw new EnvironmentUnknownError(id, this.name);
    return found;
  }

  close(): Promise<void> {
    this.#closed ??= this.#target.close().then(this.#removeFiles);
    return this.#closed;
  }

  async #reportResponse({ result, requestId }: Invocation, onPayload: OnPayload): Promise<void> {
    // Who has invoked is told of a failure.
    const answer = await result.catch(() => undefined);
    if (answer) onPayload(requestId, 'response', answer.payload);
  }

  /** Adds an event to the timeline, and a log line to the logs. */
  #record(event: LambdaEvent): void {
    this.#timeline.add(event);
    if (event.type === 'log') {
      const { at, environmentId, source, line } = event;
      this.#logs.add({ at, environmentId, source, line });
    }
    if (event.type === 'unfinished') this.#unfinished?.set(event.environmentId, event.work);
    // Without a request it is thawed to be shut down: then its work is lost.
    if (event.type === 'thawed' && event.requestId) this.#unfinished?.delete(event.environmentId);
    this.#onEvent?.(event);
  }
}

function toJson(value: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(value) ?? 'null');
  } catch (cause) {
    throw new EventInvalidError(cause);
  }
}

function throttled(requestId: string): InvokeResult {
  return refusal(requestId, 429, {
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    Type: 'User',
    message: 'Rate Exceeded.',
  });
}

function payloadTooLarge(): InvokeResult {
  return refusal(randomUUID(), 413, {
    Type: 'User',
    message: `Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunction operation`,
  });
}

function refusal(requestId: string, statusCode: number, body: object): InvokeResult {
  return {
    requestId,
    environmentId: '',
    statusCode,
    payload: Buffer.from(JSON.stringify(body)),
    contentType: 'application/json',
  };
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
