import type { FunctionBundle } from './bundle/bundling.ts';

/** Managed Node.js runtimes that can be emulated; `nodejs26.x` is a preview on Lambda. */
export type RuntimeName = 'nodejs22.x' | 'nodejs24.x' | 'nodejs26.x';

/** How an environment sees `/opt`, `/var/task` and `/tmp`; see the README. */
export type Isolation = 'namespace' | 'hook';

/** Why an environment is told to shut down; the words of the Extensions API's SHUTDOWN event. */
export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

/** A zip file or a folder, or the part of `/opt` that a folder becomes: `{ folder: 'tools', at: 'nodejs' }`. */
export type Layer = string | { readonly folder: string; readonly at: string };

/** What a function is, as its configuration in Lambda would say it. */
export interface LambdaOptions {
  /** Function name. Default `function`. */
  name?: string;
  /** Folder that becomes `/var/task`, or a zip file with its content. */
  code: string;
  /** Handler as Lambda takes it: `path/to/module.export`, also absolute (`/opt/proxy.handler`). */
  handler: string;
  /** Content of `index.js`, the only file of the function. Default: the files of `code`. */
  inlineCode?: string;
  /** What is bundled before it runs, as `readProject()` says. Default: the code runs unchanged. */
  bundle?: FunctionBundle;
  /** Default `nodejs24.x`. */
  runtime?: RuntimeName;
  /** Zip files or folders, merged into `/opt` in this order, later ones win. At most 5. */
  layers?: readonly Layer[];
  /** The function's environment variables. Reserved names are refused. */
  environment?: Readonly<Record<string, string>>;
  /** Function timeout; covers runtime and extensions. Default 3000, at most 900,000. */
  timeoutMs?: number;
  /** Memory size; enforced where the machine allows it. Default 128, on Managed Instances 2048. */
  memoryMiB?: number;
  /**
   * Cores that all processes of an environment share, in periods of 20 ms; at least 0.05. `as-lambda`: by memory size,
   * 1,769 MB are one core. Default: no limit.
   */
  cpuCores?: number | 'as-lambda';
  /**
   * On demand: environments at once; a request beyond it is throttled (status 429). Default 1000.
   * Managed Instances: invokes at once in one environment. Default 64.
   */
  maxConcurrency?: number;
  /** An environment that has been frozen this long is shut down (`spindown`). Default: never. */
  idleTimeoutMs?: number;
  /** The Node.js program to run as the managed runtime's `node`. Default: one of the right major version, see the README. */
  nodePath?: string;
  /** Default `on-demand`. */
  initializationType?: 'on-demand' | 'lambda-managed-instances';
  /** Default: `namespace` where the machine allows it, else `hook`. */
  isolation?: Isolation;
  /**
   * Look at each freeze for what the function has left unfinished: `unfinished` and `resumed` in the timeline, and
   * `lambda.unfinished()`. It makes promises several times slower. Default false.
   */
  trackUnfinished?: boolean;
  /** Called with every event at the moment it is added to the timeline. */
  onEvent?: (event: LambdaEvent) => void;
}

/** What Lambda's Invoke API would answer. */
export interface InvokeResult {
  requestId: string;
  /** Empty when no environment took the invoke (throttled). */
  environmentId: string;
  /** Status of the Invoke API: 200 also for a function error, 413 payload too large, 429 throttled, 500 for a fault of the service. */
  statusCode: number;
  functionError?: 'Unhandled';
  payload: Buffer;
  contentType: string;
  /** The runtime answered in streaming response mode; `payload` is the complete stream. */
  streaming?: boolean;
  /** The error behind the first byte of a stream, as JSON; `payload` is the stream up to it. */
  errorDetails?: string;
}

/** What the caller of Lambda's Invoke API can send along with the event. */
export interface InvokeOptions {
  /** Of an asynchronous invoke that Lambda repeats: its id is then the same. Default: a new one. */
  requestId?: string;
  /** `X-Amzn-Trace-Id`. */
  traceId?: string;
  /** `X-Amz-Client-Context`, as the value it decodes to. */
  clientContext?: unknown;
  /** `X-Amz-Tenant-Id`: environments serve one tenant for life. */
  tenantId?: string;
  /** Called with each part of a streamed response when it comes; `payload` still has all of them. */
  onChunk?: ((chunk: Buffer, contentType: string) => void) | undefined;
  /** The caller goes away: the promise rejects with the signal's reason, the function runs on. */
  signal?: AbortSignal;
}

/** One emulated function: a pool of environments. */
export interface Lambda {
  readonly name: string;
  /** Everything that happened, in order. Bounded: the oldest entries go first. */
  readonly timeline: readonly LambdaEvent[];
  /** Every log line, as Lambda would put it into the log group. Bounded like the timeline. */
  readonly logs: readonly LogLine[];
  /**
   * Invokes the function; resolves when the caller would have the complete response, which is
   * before the extensions are done. Never rejects for what the function does.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_CLOSED` after `close()`; the reason of `signal`;
   * `ASYNC_HTTP_EMULATOR_EVENT_INVALID` when the event is not JSON.
   */
  invoke(event: unknown, options?: InvokeOptions): Promise<InvokeResult>;
  /**
   * Waits until no environment is working. What the function has started and not ended in the environments that are
   * frozen now or have ended, at their last freeze.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_NOT_TRACKED` without the option `trackUnfinished`.
   */
  unfinished(): Promise<UnfinishedWork[]>;
  /** Resolves when no environment is working: each one is frozen or gone. On Managed Instances: when no invoke runs. */
  idle(): Promise<void>;
  /** Waits for running invokes, then shuts every environment down; the next invoke starts a new one. Default reason `spindown`. */
  shutdown(reason?: ShutdownReason): Promise<void>;
  /** Sends SIGKILL to that process of every environment, not to its children; resolves when it is gone. */
  kill(process: 'runtime' | { extension: string }): Promise<void>;
  /** Ends every process at once and removes every temporary file. Idempotent. */
  close(): Promise<void>;
}

/** `at` is epoch ms; `requestId` is set for what belongs to one invoke. Durations are ms. */
export type LambdaEvent = {
  at: number;
  /** Empty for what concerns the whole function, not one environment. */
  environmentId: string;
  requestId?: string;
} & (
  | { type: 'environment.starting'; cause: 'request' | 'reset' }
  | { type: 'extension.registered'; name: string; events: string[] }
  | { type: 'init.done'; durationMs: number }
  | { type: 'init.failed'; errorType: string; message: string }
  | { type: 'invoke.start' }
  | { type: 'response'; durationMs: number; bytes: number; functionError?: string }
  | { type: 'runtime.done'; durationMs: number; status: string }
  | { type: 'extension.next'; name: string }
  /** `tailMs`: from the response to the end of the phase, what the caller does not see. */
  | {
      type: 'invoke.end';
      durationMs: number;
      tailMs: number;
      status: 'success' | 'error' | 'timeout' | 'failure';
    }
  | { type: 'frozen' }
  | { type: 'thawed' }
  | { type: 'timeout' }
  | { type: 'crash'; process: string; errorType: string }
  | { type: 'shutdown.start'; reason: string }
  | { type: 'shutdown.done' }
  | { type: 'throttled' }
  /** What the function had started and not ended when its environment was frozen. */
  | { type: 'unfinished'; work: UnfinishedWork[] }
  /** The same while the environment is awake, on request. */
  | { type: 'pending'; work: UnfinishedWork[] }
  /** What has become of what was unfinished at the last freeze. */
  | { type: 'resumed'; work: ResumedWork[] }
  | { type: 'log'; source: LogLine['source']; line: string }
);

/** Something that the function has started and not ended when its environment is frozen. */
export interface UnfinishedWork {
  /** The same in `resumed`; counts up in each environment. */
  readonly id: number;
  readonly kind: 'promise' | 'timer' | 'socket' | 'request' | 'other';
  /** In words, such as `track(): POST https://example.com/events` or `setTimeout 5,000 ms`. */
  readonly what: string;
  /** Line of the user's code that has started it, as it was written: `src/api.ts:41:3`. */
  readonly at?: string;
  /** The calls of the user's code that led to it, one per line, innermost first. */
  readonly stack?: string;
  /** Request in which it was started. */
  readonly requestId?: string;
  /** Milliseconds from its start to this freeze. */
  readonly ageMs: number;
}

/** What has become of unfinished work after the next thaw. */
export interface ResumedWork {
  readonly id: number;
  readonly what: string;
  readonly at?: string;
  /**
   * `lost`: it was pending when its process was ended; `unknown`: its process ran on and ended without saying what had
   * become of it, as after SIGKILL.
   */
  readonly outcome: 'finished' | 'failed' | 'still pending' | 'lost' | 'unknown';
  /** It ended in the SHUTDOWN phase: on Lambda that may come hours later, or never. */
  readonly inShutdown?: true;
  /** How long the environment was frozen, in milliseconds. */
  readonly frozenMs: number;
  /** Request that has thawed the environment. */
  readonly requestId?: string;
  /** Of a failure. */
  readonly message?: string;
}

/** One line of the log stream, without its newline. */
export interface LogLine {
  at: number;
  environmentId: string;
  source: 'platform' | 'function' | 'extension';
  line: string;
}
