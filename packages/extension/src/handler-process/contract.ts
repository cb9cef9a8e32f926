import type { HandlerLoadError } from './errors.ts';
import type { AbortReason, ErrorFacts, FileBytes, Tail } from './frames.ts';

/** What the handler process logs through; the extension's own log. */
interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

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
  /** How long the handler may take to load, like Lambda's INIT phase. */
  readonly loadTimeoutMs: number;
  readonly log: Log;
  /** Called each time that the handler has loaded. */
  readonly onLoaded?: () => void;
  /** Called when an attempt has ended that was handed to a process; `startedAtMs` is wall-clock time. */
  readonly onEnded?: (attempt: Attempt, result: AttemptResult, startedAtMs: number) => void;
  /** Called each time that it could not be loaded. */
  readonly onLoadFailed?: (error: HandlerLoadError) => void;
  /** Receives the child's stdout and stderr: one or more whole lines per call. */
  readonly write: (lines: Buffer) => void;
  /** The Node.js program of the child. Default: the one that runs this process. */
  readonly nodeProgram?: string;
}

/** Where the bytes of a job are. Nobody but the handler process parses them. */
export type JobBytes = FileBytes | { readonly event: Buffer; readonly context: Buffer };

/** One run of the background handler. Instants are wall-clock ms since the epoch. */
export interface Attempt {
  readonly jobId: string;
  /** Counts from 1. */
  readonly attempt: number;
  readonly requestId: string;
  readonly traceId?: string;
  /** Address of the daemon that may get a segment of it. */
  readonly xRayDaemon?: string;
  /** When `context.signal` fires. */
  readonly deadlineMs: number;
  /** When the job is killed; `context.getRemainingTimeInMillis()` counts down to it. */
  readonly killAtMs: number;
  /** When Lambda ends the invocation. */
  readonly functionDeadlineMs: number;
  readonly bytes: JobBytes;
  /** A result that nobody wants is not serialised. */
  readonly wantsResult: boolean;
}

export type AttemptResult =
  | {
      readonly status: 'succeeded';
      /** JSON, if it was wanted; `"null"` for `undefined`. */
      readonly result?: string;
      /** Why a wanted result could not be written as JSON. The job has still succeeded. */
      readonly omitted?: string;
    }
  | ({
      readonly status: 'failed';
      /** `handler`: it threw. `process`: its process ended under it. */
      readonly cause: 'handler' | 'process';
      /** False when another attempt cannot end differently, e.g. because the event is not JSON. */
      readonly retriable: boolean;
    } & ErrorFacts);

/** The child process in which background handlers run. It is started, watched and replaced here. */
export interface HandlerProcess {
  /** Whether an attempt could begin at once. */
  readonly isLoaded: boolean;
  /** Whether the loaded handler has its own tracer. */
  readonly hasTracer: boolean;
  /**
   * Resolves when the handler is loaded. After a load that failed, a call starts a new try, as
   * Lambda initialises again at the next invoke; while a replacement loads, it waits for that.
   *
   * @throws {HandlerLoadError} code `ASYNC_HTTP_HANDLER_UNAVAILABLE`.
   */
  ready(): Promise<void>;
  /** What is still loading stands still until it is needed again, and takes no CPU from the end of the hold. */
  pause(): void;
  /**
   * Runs one attempt. Always settles, never rejects; several may run at once. When another job ends
   * the process, the attempt is run again in the next one.
   */
  run(attempt: Attempt): Promise<AttemptResult>;
  /**
   * Has the user's tracer export the span of a request's tail. Resolves then or when its time is over, and at once where
   * no attempt has ended since the reply, or no tracer is there. Never rejects.
   */
  exportTail(tail: Tail): Promise<void>;
  /** Fires `context.signal` of one job, or of every running attempt. */
  abort(jobId: string | undefined, reason: AbortReason): void;
  /**
   * Ends the child (SIGKILL) and what it has started. With a job: because of it, so only its attempt
   * fails and the others are run again. Without: all fail. The next call that needs a child starts one.
   */
  kill(jobId?: string): Promise<void>;
  /** Ends the child permanently: `ready()` rejects and `run()` fails from then on. */
  close(): Promise<void>;
}
