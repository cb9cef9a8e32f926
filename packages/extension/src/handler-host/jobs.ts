import { InvokeStoreBase } from '@aws/lambda-invoke-store';
import type { AbortReason, HostCommand } from '../frames.ts';
import type { Connection } from './connection.ts';
import type { LogError } from './console.ts';
import { errorFacts, RuntimeError } from './errors.ts';
import type { Handler } from './find-handler.ts';
import { JobAbortedError, jobContext } from './job-context.ts';
import { resultAsJson } from './result.ts';

type RunCommand = Extract<HostCommand, { type: 'run' }>;

const KEYS = InvokeStoreBase.PROTECTED_KEYS;
/** Where the number of the run is kept in the invoke store, beside Lambda's own keys. */
const RUN = Symbol('async-http.run');
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Runs jobs, any number at once, each in an invoke store of its own. */
export class Jobs {
  readonly #connection: Connection;
  readonly #store: InvokeStoreBase;
  readonly #logError: LogError;
  readonly #running = new Map<number, AbortController>();

  constructor(parts: { connection: Connection; store: InvokeStoreBase; logError: LogError }) {
    this.#connection = parts.connection;
    this.#store = parts.store;
    this.#logError = parts.logError;
  }

  /** The run whose code executes now, if it is any job's. */
  get currentRun(): number | undefined {
    return this.#store.get<number>(RUN);
  }

  async run(handler: Handler, command: RunCommand, body: Buffer): Promise<void> {
    const { run } = command;
    this.#connection.send({ type: 'started', run });
    const payload = parsePayload(body);
    if (payload instanceof Error) {
      this.#fail(run, payload, { retriable: false });
      return;
    }
    const controller = new AbortController();
    const timer = setTimeout(
      () => this.#abort(controller, 'deadline'),
      Math.min(Math.max(0, command.deadlineMs - Date.now()), LONGEST_TIMER_MS),
    );
    this.#running.set(run, controller);
    const { event, context } = payload;
    setInvocationEnvironment(context, command.traceId);
    const store = {
      [KEYS.REQUEST_ID]: command.requestId,
      [KEYS.X_RAY_TRACE_ID]: command.traceId,
      [KEYS.TENANT_ID]: context.tenantId,
      [RUN]: run,
    };
    await this.#store.run(store, async () => {
      let result: unknown;
      try {
        result = await handler(
          event,
          jobContext(context, { ...command, signal: controller.signal }),
        );
      } catch (error) {
        this.#fail(run, error, { retriable: true });
        return;
      } finally {
        clearTimeout(timer);
        this.#running.delete(run);
      }
      this.#succeed(run, result);
    });
  }

  abort(reason: AbortReason): void {
    for (const controller of this.#running.values()) this.#abort(controller, reason);
  }

  #succeed(run: number, result: unknown): void {
    try {
      this.#connection.send({ type: 'succeeded', run }, resultAsJson(result));
    } catch (error) {
      // Its work is done; to do it again would not make the result smaller.
      this.#fail(run, error, { retriable: false });
    }
  }

  #fail(run: number, error: unknown, { retriable }: { retriable: boolean }): void {
    this.#logError('Invoke Error', error);
    this.#connection.send({ type: 'failed', run, error: errorFacts(error), retriable });
  }

  #abort(controller: AbortController, reason: AbortReason): void {
    controller.abort(new JobAbortedError(reason));
  }
}

interface LambdaContext {
  readonly logGroupName?: string;
  readonly logStreamName?: string;
  readonly tenantId?: string;
}

function parsePayload(body: Buffer): { event: unknown; context: LambdaContext } | RuntimeError {
  try {
    const { event, context } = JSON.parse(body.toString());
    return { event, context: { ...context } };
  } catch (cause) {
    return new RuntimeError(
      'Runtime.UnmarshalError',
      `The job is not JSON of the form {"event":…,"context":…}: ${cause}`,
    );
  }
}

/** What an extension is not given, and the runtime has: names of the log, and the trace of the invocation. */
function setInvocationEnvironment(context: LambdaContext, traceId: string | undefined): void {
  setVariable(
    'AWS_LAMBDA_LOG_GROUP_NAME',
    context.logGroupName ?? process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  );
  setVariable(
    'AWS_LAMBDA_LOG_STREAM_NAME',
    context.logStreamName ?? process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  );
  setVariable('_X_AMZN_TRACE_ID', traceId);
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
