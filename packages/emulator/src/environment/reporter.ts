import type { FunctionConfig } from '../function-config.ts';
import type { LambdaEvent, LogLine } from '../lambda-types.ts';
import type { Extension } from '../parties/extension.ts';
import { type Fault, statusOf } from '../parties/fault.ts';
import type { Invocation } from '../parties/invocation.ts';
import type { SubscriptionSettings } from '../telemetry/subscription.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import {
  billedMs,
  endLine,
  extensionLine,
  initReportLine,
  reportLine,
  startLine,
  telemetryLine,
  timeoutLine,
  timeoutMessage,
} from './platform-lines.ts';
import { context, objectOf, outcome, responseSpans, round, span } from './telemetry-records.ts';

/** An event without what every event has. */
export type EventDetails = LambdaEvent extends infer Event
  ? Event extends LambdaEvent
    ? Omit<Event, 'at' | 'environmentId' | 'requestId'>
    : never
  : never;

export type InitPhase = 'init' | 'invoke';

/**
 * Tells the outside what happens in an environment, in the three forms that Lambda has for it: our
 * timeline, the lines of the log group, and the events of the Telemetry API.
 */
export class Reporter {
  readonly #config: FunctionConfig;
  readonly #environmentId: string;
  readonly #runtimeVersion: string;
  readonly #onEvent: (event: LambdaEvent) => void;
  readonly #addresses: readonly string[];
  #telemetry: Telemetry;
  /** The invoke that what happens now belongs to; undefined where several run at once. */
  requestId: string | undefined;

  constructor({
    config,
    environmentId,
    runtimeVersion,
    addresses,
    onEvent,
  }: {
    config: FunctionConfig;
    environmentId: string;
    runtimeVersion: string;
    /** Where telemetry finds its subscribers. */
    addresses: readonly string[];
    onEvent: (event: LambdaEvent) => void;
  }) {
    this.#config = config;
    this.#environmentId = environmentId;
    this.#runtimeVersion = runtimeVersion;
    this.#addresses = addresses;
    this.#telemetry = new Telemetry(addresses);
    this.#onEvent = onEvent;
  }

  get telemetry(): Telemetry {
    return this.#telemetry;
  }

  emit(details: EventDetails, requestId: string | undefined = this.requestId): void {
    this.#onEvent({
      at: Date.now(),
      environmentId: this.#environmentId,
      ...(requestId && { requestId }),
      ...details,
    } as LambdaEvent);
  }

  /** A line that a process wrote. */
  line(source: Exclude<LogLine['source'], 'platform'>, line: string): void {
    this.emit({ type: 'log', source, line });
    this.#telemetry.emit(source, this.#config.isJsonLog ? objectOf(line) : line);
  }

  // ---- INIT ---------------------------------------------------------------------------------

  /** Begins a new telemetry stream. */
  initStart(phase: InitPhase, cause: 'request' | 'reset'): void {
    this.#telemetry = new Telemetry(this.#addresses);
    this.emit({ type: 'environment.starting', cause });
    const { name, arn, version, memoryMiB } = this.#config;
    this.#platform('platform.initStart', undefined, {
      ...this.#init(phase),
      runtimeVersion: this.#runtimeVersion,
      functionName: name,
      functionArn: arn,
      functionVersion: version,
      instanceId: this.#environmentId,
      instanceMaxMemory: memoryMiB,
    });
  }

  subscribed({ name }: Extension, settings: SubscriptionSettings): void {
    this.#telemetry.subscribe(settings);
    const { types } = settings;
    this.#platform('platform.telemetrySubscription', telemetryLine(name, types), {
      name,
      state: 'Subscribed',
      types,
    });
  }

  initRuntimeDone(phase: InitPhase, fault?: Fault): void {
    this.#platform('platform.initRuntimeDone', undefined, {
      ...this.#init(phase),
      ...outcome(fault),
      spans: [],
    });
  }

  initDone(
    phase: InitPhase,
    durationMs: number,
    extensions: readonly Extension[],
    fault?: Fault,
  ): void {
    for (const { name, state, events } of extensions) {
      this.#platform('platform.extension', extensionLine(name, state, events), {
        name,
        state,
        events,
      });
    }
    const line = fault && initReportLine({ durationMs, phase, ...outcome(fault) });
    this.#platform('platform.initReport', line, {
      ...this.#init(phase),
      ...outcome(fault),
      metrics: { durationMs: round(durationMs) },
      spans: [],
    });
    if (fault) {
      const { errorType, message } = fault;
      this.emit({ type: 'init.failed', errorType, message });
    } else {
      this.#telemetry.endReplay();
      this.emit({ type: 'init.done', durationMs });
    }
  }

  // ---- INVOKE -------------------------------------------------------------------------------

  invokeStart(invocation: Invocation): void {
    const { requestId } = invocation;
    const { version, arn } = this.#config;
    this.emit({ type: 'invoke.start' }, requestId);
    this.#platform(
      'platform.start',
      startLine(requestId),
      {
        requestId,
        version,
        functionArn: arn,
        ...context(invocation),
      },
      requestId,
    );
  }

  response({ requestId, answer, answeredAt = 0, times }: Invocation): void {
    const { deliveredAt = answeredAt } = times;
    this.emit(
      {
        type: 'response',
        durationMs: answeredAt - deliveredAt,
        bytes: answer?.payload.length ?? 0,
        ...(answer?.functionError && { functionError: answer.functionError }),
      },
      requestId,
    );
  }

  /** The runtime has answered and asked for the next event, or will never do so. */
  runtimeDone(invocation: Invocation, startedAt: number, fault?: Fault): void {
    const { requestId, answer, times } = invocation;
    const now = performance.now();
    const durationMs = now - (times.deliveredAt ?? startedAt);
    this.emit({ type: 'runtime.done', durationMs, status: fault ? statusOf(fault) : 'success' });
    this.#platform('platform.runtimeDone', undefined, {
      requestId,
      ...outcome(fault),
      metrics: {
        durationMs: round(durationMs),
        producedBytes: answer?.functionError ? 0 : (answer?.payload.length ?? 0),
      },
      spans: responseSpans(invocation, now),
      ...context(invocation),
    });
  }

  /** Lines about a fault that ended an invoke. @returns the message for the caller. */
  invokeFault(invocation: Invocation, fault: Fault): string {
    const { requestId } = invocation;
    if (fault.kind === 'timeout') {
      const { timeoutMs } = this.#config;
      this.emit({ type: 'timeout' }, requestId);
      this.#line(timeoutLine(requestId, timeoutMs), requestId);
      return `RequestId: ${requestId} Error: ${timeoutMessage(timeoutMs)}`;
    }
    const { errorType, process } = fault;
    const message = `RequestId: ${requestId} Error: ${fault.message}`;
    this.emit({ type: 'crash', process, errorType }, requestId);
    this.#line(message, requestId);
    this.#line(errorType, requestId);
    return message;
  }

  report({
    invocation,
    startedAt,
    runtimeDoneAt,
    endedAt,
    hasExtensions,
    initDurationMs,
    maxMemoryMiB,
    fault,
  }: {
    invocation: Invocation;
    startedAt: number;
    runtimeDoneAt: number;
    endedAt: number;
    hasExtensions: boolean;
    initDurationMs: number | undefined;
    maxMemoryMiB: number;
    fault: Fault | undefined;
  }): void {
    const { requestId } = invocation;
    const { memoryMiB, timeoutMs } = this.#config;
    const durationMs = fault?.kind === 'timeout' ? timeoutMs : endedAt - startedAt;
    const { status, errorType } = outcome(fault);
    const line = reportLine({
      requestId,
      durationMs,
      memoryMiB,
      maxMemoryMiB,
      initDurationMs,
      status,
      errorType,
    });
    if (!this.#config.isJsonLog) this.#line(endLine(requestId));
    this.#platform('platform.report', line, {
      requestId,
      ...outcome(fault),
      metrics: {
        durationMs: round(durationMs),
        billedDurationMs: billedMs({ durationMs, initDurationMs }),
        memorySizeMB: memoryMiB,
        maxMemoryUsedMB: maxMemoryMiB,
        ...(initDurationMs !== undefined && { initDurationMs: round(initDurationMs) }),
      },
      spans: hasExtensions ? [span('extensionOverhead', runtimeDoneAt, endedAt)] : [],
      ...context(invocation),
    });
    this.#invokeEnd(invocation, durationMs, endedAt, status);
  }

  /** On Managed Instances there is less to report, and no phase that ends. */
  managedReport(invocation: Invocation, startedAt: number, fault?: Fault): void {
    const { requestId } = invocation;
    const endedAt = performance.now();
    const { status } = outcome(fault);
    const durationMs = endedAt - startedAt;
    this.#platform(
      'platform.report',
      '',
      {
        requestId,
        ...outcome(fault),
        metrics: { durationMs: round(durationMs) },
        spans: responseSpans(invocation, endedAt).slice(0, 2),
        ...context(invocation),
      },
      requestId,
    );
    this.#invokeEnd(invocation, durationMs, endedAt, status);
  }

  #invokeEnd(
    { requestId, answeredAt }: Invocation,
    durationMs: number,
    endedAt: number,
    status: 'success' | 'error' | 'failure' | 'timeout',
  ): void {
    const tailMs = Math.max(0, endedAt - (answeredAt ?? endedAt));
    this.emit({ type: 'invoke.end', durationMs, tailMs, status }, requestId);
  }

  // -------------------------------------------------------------------------------------------

  #init(phase: InitPhase): object {
    const initializationType = this.#config.isManagedInstances
      ? 'lambda-managed-instances'
      : 'on-demand';
    return { initializationType, phase };
  }

  /** One event of the platform: to the subscribers, and as a line if there is one for it. */
  #platform(
    type: string,
    line: string | undefined,
    record: object,
    requestId: string | undefined = this.requestId,
  ): void {
    const event = this.#telemetry.emit(type, record);
    if (this.#config.isJsonLog) this.#line(JSON.stringify(event), requestId);
    else if (line !== undefined) this.#line(line, requestId);
  }

  #line(line: string, requestId: string | undefined = this.requestId): void {
    this.emit({ type: 'log', source: 'platform', line }, requestId);
  }
}
