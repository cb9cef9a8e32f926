import { InvokeStoreBase } from '@aws/lambda-invoke-store';
import {
  type AbortReason,
  type ErrorFacts,
  type HostCommand,
  LONGEST_EXPORT_MS,
  type Tail,
} from '../handler-process/frames.ts';
import { timerDelay } from '../max-timer.ts';
import type { Connection } from './connection.ts';
import { errorFacts, RuntimeError } from './errors.ts';
import type { Handler } from './find-handler.ts';
import { JobAbortedError, jobContext } from './job-context.ts';
import { type LambdaContext, readPayload } from './payload.ts';
import { resultAsJson } from './result.ts';
import { whenWritten } from './streams.ts';
import { type AttemptFacts, exportTailSpan, startAttemptSpan } from './tracing.ts';

/** The handler, and what the user calls it. */
export interface Loaded {
  readonly name: string;
  readonly handler: Handler;
}

type RunCommand = Extract<HostCommand, { type: 'run' }>;

const KEYS = InvokeStoreBase.PROTECTED_KEYS;

/** Where the job is kept in the invoke store, beside Lambda's own keys. */
const JOB = Symbol('async-http.job');

/** Runs jobs, any number at once, each in its own invoke store. */
export class Jobs {
  readonly #connection: Connection;
  readonly #store: InvokeStoreBase;
  readonly #linksOnly: boolean;
  readonly #running = new Map<number, { controller: AbortController; traceId?: string }>();
  /** The latest job whose first attempt had a span: the tail of its request belongs to the same trace. */
  #traced: AttemptFacts | undefined;

  constructor(
    connection: Connection,
    store: InvokeStoreBase,
    { ASYNC_HTTP_TRACE: trace }: NodeJS.ProcessEnv,
  ) {
    this.#connection = connection;
    this.#store = store;
    this.#linksOnly = trace === 'link';
  }

  async run({ name, handler }: Loaded, command: RunCommand, body: Buffer): Promise<void> {
    const { run, traceId, requestId, wantsResult } = command;
    this.#connection.send({ type: 'started', run });
    let payload: ReturnType<typeof readPayload>;
    try {
      payload = readPayload(command, body);
    } catch (error) {
      this.#fail(run, error, { retriable: !(error instanceof RuntimeError) });
      return;
    }
    const { event, context } = payload;
    const controller = new AbortController();
    const timer = setTimeout(
      () => this.abort(run, 'deadline'),
      timerDelay(Math.max(0, command.deadlineMs - Date.now())),
    );
    this.#running.set(run, { controller, ...(traceId !== undefined && { traceId }) });
    this.#nameTrace();
    nameLog(context);
    const store = {
      [KEYS.REQUEST_ID]: requestId,
      [KEYS.X_RAY_TRACE_ID]: traceId,
      [KEYS.TENANT_ID]: context.tenantId,
      [KEYS.TRACEPARENT]: context.trace?.traceparent,
      [KEYS.TRACESTATE]: context.trace?.tracestate,
      [KEYS.BAGGAGE]: context.trace?.baggage,
      [JOB]: command,
    };
    await this.#store.run(store, async () => {
      let report: () => void;
      let failure: ErrorFacts | undefined;
      const { signal } = controller;
      const call = async () => handler(event, jobContext(context, { ...command, signal }));
      const facts = { ...command, handler: name, trace: context.trace, traceId };
      const span = startAttemptSpan(facts, { linksOnly: this.#linksOnly });
      if (span && facts.attempt === 1) this.#traced = facts;
      try {
        const result = await (span ? span.within(call) : call());
        report = () => this.#succeed(run, wantsResult ? resultAsJson(result) : {});
      } catch (error) {
        failure = errorFacts(error);
        report = () => this.#fail(run, error, { retriable: true });
      }
      clearTimeout(timer);
      this.#running.delete(run);
      if (this.#running.size > 0) this.#nameTrace();
      // The environment may be frozen when the end is known. What is reported late does not count.
      const leftMs = (command.killAtMs - Date.now()) / 2;
      await span?.end(failure, Math.min(LONGEST_EXPORT_MS, leftMs));
      whenWritten(report);
    });
  }

  async exportTail(tail: Tail): Promise<void> {
    const facts = this.#traced;
    if (facts?.requestId === tail.requestId) {
      await exportTailSpan(facts, { ...tail, linksOnly: this.#linksOnly });
    }
    this.#connection.send({ type: 'tail-exported', requestId: tail.requestId });
  }

  abort(run: number | undefined, reason: AbortReason): void {
    const jobs = run === undefined ? [...this.#running.values()] : [this.#running.get(run)];
    for (const job of jobs) job?.controller.abort(new JobAbortedError(reason));
  }

  /**
   * Sets `process.env._X_AMZN_TRACE_ID` as long as all jobs belong to one trace. Otherwise it is absent, as in
   * Lambda's runtime where it runs several requests at once: the invoke store has the trace of each.
   * Node.js allows no getter in `process.env`.
   */
  #nameTrace(): void {
    const [traceId, ...others] = new Set([...this.#running.values()].map((job) => job.traceId));
    if (traceId !== undefined && others.length === 0) process.env._X_AMZN_TRACE_ID = traceId;
    else delete process.env._X_AMZN_TRACE_ID;
  }

  #succeed(run: number, { json, omitted }: { json?: Buffer; omitted?: string }): void {
    const report = { type: 'succeeded', run, ...(omitted !== undefined && { omitted }) } as const;
    this.#connection.send(report, json);
  }

  #fail(run: number, error: unknown, { retriable }: { retriable: boolean }): void {
    this.#connection.send({ type: 'failed', run, error: errorFacts(error), retriable });
  }
}

/** The job whose code executes now, if it is any job's. */
export function currentJob(store: InvokeStoreBase): RunCommand | undefined {
  return store.get<RunCommand>(JOB);
}

/** The names of log group and stream, which an extension is not given and the runtime has. */
function nameLog({ logGroupName, logStreamName }: LambdaContext): void {
  if (logGroupName !== undefined) process.env.AWS_LAMBDA_LOG_GROUP_NAME = logGroupName;
  if (logStreamName !== undefined) process.env.AWS_LAMBDA_LOG_STREAM_NAME = logStreamName;
}
