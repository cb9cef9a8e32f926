import type { AbortReason, ErrorFacts } from './frames.ts';
import { superviseHandlerProcess } from './handler-process/supervisor.ts';
import type { Log } from './log.ts';

export type { AbortReason } from './frames.ts';
export { handlerEnvironment, type RuntimeFacts } from './handler-process/environment.ts';
export { HandlerLoadError } from './handler-process/errors.ts';
export { runtimeNodeArguments } from './handler-process/node-arguments.ts';

export interface HandlerProcessOptions {
  /** `ASYNC_HANDLER`, as the user wrote it. */
  readonly handler: string;
  /** Path of the program that runs in the child: `handler-host.js`. */
  readonly hostProgram: string;
  /** The child's whole environment; see `handlerEnvironment()`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Node.js flags of the child; see `runtimeNodeArguments()`. */
  readonly execArgv: readonly string[];
  /** The child's working directory: `/var/task`, as the runtime's. */
  readonly cwd: string;
  /** How long the handler may take to load: 10,000, like Lambda's INIT phase. */
  readonly loadTimeoutMs: number;
  readonly log: Log;
  /** Where the child's stderr goes on to. Default: this process's. */
  readonly stderr?: NodeJS.WritableStream;
  /** The Node.js program of the child. Default: the one that runs this process. */
  readonly nodeProgram?: string;
}

/** One run of the background handler. Instants are wall-clock ms since the epoch. */
export interface Attempt {
  readonly jobId: string;
  /** Counts from 1. */
  readonly attempt: number;
  readonly requestId: string;
  /** When `context.signal` fires and `getRemainingTimeInMillis()` reaches 0. */
  readonly deadlineMs: number;
  /** When Lambda ends the invocation. */
  readonly functionDeadlineMs: number;
  readonly traceId?: string;
  /** `{"event":…,"context":…}` as UTF-8 JSON; only the child parses it. */
  readonly body: Buffer;
}

export type AttemptResult =
  | { readonly status: 'succeeded' /** JSON; `"null"` for `undefined`. */; readonly result: string }
  | ({
      readonly status: 'failed';
      /** `handler`: it threw or gave no usable result. `process`: its process died under it. */
      readonly cause: 'handler' | 'process';
      /** False when another attempt cannot end differently, e.g. a body that is no JSON. */
      readonly retriable: boolean;
    } & ErrorFacts);

/** The child process in which background handlers run. It is started, watched and replaced here. */
export interface HandlerProcess {
  /** Starts the child unless there is one. Safe during INIT: returns at once and never throws. */
  start(): void;
  /**
   * Resolves when the handler is loaded. After a load that failed, a call starts a new try, as
   * Lambda initialises again at the next invoke; while a replacement loads, it waits for that.
   *
   * @throws {HandlerLoadError} code `ASYNC_HTTP_HANDLER_UNAVAILABLE`.
   */
  ready(): Promise<void>;
  /** Runs one attempt. Always settles, never rejects; several may run at once. */
  run(attempt: Attempt): Promise<AttemptResult>;
  /** Fires `context.signal` of every running attempt. */
  abort(reason: AbortReason): void;
  /** Kills the child at once (SIGKILL). Running attempts settle as failed; the next call that needs a child starts one. */
  kill(): Promise<void>;
  /** Kills the child for good: `ready()` rejects and `run()` fails from then on. */
  close(): Promise<void>;
}

/** Makes the supervisor of the child process; nothing is started before `start()`, `ready()` or `run()`. */
export function createHandlerProcess(options: HandlerProcessOptions): HandlerProcess {
  return superviseHandlerProcess(options);
}
