import { dirname } from 'node:path';
import {
  type AbortReason,
  type ErrorFacts,
  type Frame,
  FrameReader,
  type HostCommand,
  type HostReport,
  writeFrame,
} from '../frames.ts';
import type { Attempt, HandlerProcessOptions } from '../handler-process.ts';
import { awakeTimeout } from './awake-timeout.ts';
import { whenDrained } from './drained.ts';
import { HandlerLoadError } from './errors.ts';
import { describeExit } from './exit-status.ts';
import { firstUserLocation } from './location.ts';
import { type Cause, type RunOutcome, Runs } from './runs.ts';
import { type Host, spawnHost } from './spawn-host.ts';
import { StderrTail } from './stderr-tail.ts';

/** How long the pipes of a child that has ended are read on. */
const DRAIN_MS = 100;
/** A child whose pipe has closed is ending, and has this long for it; one that goes on has closed it itself. */
const CLOSED_PIPE_MS = 1000;

export interface End {
  readonly error: ErrorFacts;
  /** How many jobs it was running. */
  readonly attempts: number;
}

/** One life of the handler process, from spawn to end. */
export class Child {
  readonly #options: HandlerProcessOptions;
  readonly #host: Host | undefined;
  readonly #loaded = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<End>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #runs = new Runs();
  #cancelLoadTimeout = () => {};
  #state: 'loading' | 'loaded' | 'ended' = 'loading';
  #isKilled = false;
  #cause: Cause | undefined;

  constructor(options: HandlerProcessOptions) {
    this.#options = options;
    // Callers may ask later than it fails, or never.
    this.#loaded.promise.catch(() => {});
    const host = spawnHost(options);
    if (host instanceof Error) {
      this.#gone.resolve();
      this.#end(errorOf('Runtime.InvalidEntrypoint', `It cannot be started: ${host.message}`));
      return;
    }
    this.#host = host;
    this.#watch(host);
    this.#cancelLoadTimeout = awakeTimeout(options.loadTimeoutMs, () => {
      const limit = `It did not finish loading within ${options.loadTimeoutMs} ms`;
      this.#failLoad(errorOf('Sandbox.Timedout', limit));
    });
    this.#send({ type: 'load', handler: options.handler });
  }

  /** Resolves when the handler is loaded. @throws {HandlerLoadError} */
  get loaded(): Promise<void> {
    return this.#loaded.promise;
  }

  get isLoaded(): boolean {
    return this.#state === 'loaded';
  }

  /** Resolves when nothing runs in it any more. Never rejects. */
  get ended(): Promise<End> {
    return this.#ended.promise;
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** Whether it ended, or is ending, by `kill()`. */
  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** Hands a job over. To be called once the handler is loaded. */
  run({ body, ...attempt }: Attempt): { run: number; outcome: Promise<RunOutcome> } {
    const { run, outcome } = this.#runs.add();
    if (this.hasEnded) {
      const error = errorOf('Runtime.ExitError', 'The handler process ended before the job began');
      this.#runs.settle(run, { status: 'unstarted', error });
    } else {
      this.#send({ type: 'run', run, ...attempt }, body);
    }
    return { run, outcome };
  }

  abort(reason: AbortReason): void {
    this.#send({ type: 'abort', reason });
  }

  /** Ends it now; every run settles as failed. Resolves when the process is gone. */
  kill(cause?: Cause): Promise<void> {
    if (!this.hasEnded) {
      this.#isKilled = true;
      this.#cause ??= cause;
      const { errorType, errorMessage } = describeExit({ signal: 'SIGKILL' });
      this.#end(errorOf(errorType, errorMessage));
    }
    this.#host?.process.kill('SIGKILL');
    return this.#gone.promise;
  }

  #send(command: HostCommand, body?: Buffer): void {
    if (this.#host?.pipe.writable) writeFrame(this.#host.pipe, command, body);
  }

  #watch({ process: child, pipe, stderr }: Host): void {
    const tail = new StderrTail(stderr, this.#options.stderr ?? process.stderr);
    const frames = new FrameReader<HostReport>();
    pipe.on('data', (chunk: Buffer) => {
      try {
        for (const frame of frames.push(chunk)) this.#receive(frame);
      } catch (error) {
        this.#replace(`what it sent to the extension cannot be read: ${error}`);
      }
    });
    // A pipe that breaks also closes.
    pipe.on('error', () => {});
    pipe.once('close', () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const timer = setTimeout(() => {
        this.#replace('it closed its connection to the extension (file descriptor 3)');
      }, CLOSED_PIPE_MS);
      child.once('exit', () => clearTimeout(timer));
    });
    child.once('exit', (code, signal) => {
      this.#gone.resolve();
      whenDrained([pipe, stderr], DRAIN_MS, () => {
        const { errorType, errorMessage } = describeExit({ code, signal, stderr: tail.text });
        // Before our program runs, and while it loads user code, only stderr tells the reason.
        const stackTrace = this.#state === 'loading' ? tail.lines : [];
        this.#end({ errorType, errorMessage, stackTrace });
      });
    });
  }

  #receive({ message, body }: Frame<HostReport>): void {
    switch (message.type) {
      case 'loaded':
        if (this.#state !== 'loading') break;
        this.#state = 'loaded';
        this.#cancelLoadTimeout();
        this.#loaded.resolve();
        break;
      case 'load-failed':
        this.#failLoad(message.error);
        break;
      case 'started':
        this.#runs.markStarted(message.run);
        break;
      case 'succeeded':
        this.#runs.settle(message.run, { status: 'succeeded', result: body.toString() });
        break;
      case 'failed': {
        const { run, error, retriable } = message;
        this.#runs.settle(run, { status: 'failed', ...error, cause: 'handler', retriable });
        break;
      }
      case 'dying':
        this.#cause ??= message;
        break;
      default:
        message satisfies never;
    }
  }

  #failLoad(error: ErrorFacts): void {
    if (this.#state !== 'loading') return;
    this.#end(error);
    this.#host?.process.kill('SIGKILL');
  }

  /** Ends a child that cannot be talked to. Its exit settles the runs. */
  #replace(reason: string): void {
    this.#cause ??= {
      error: errorOf('Runtime.ExitError', `The handler process was killed, since ${reason}`),
    };
    this.#host?.process.kill('SIGKILL');
  }

  #end(exitError: ErrorFacts): void {
    if (this.hasEnded) return;
    const wasLoading = this.#state === 'loading';
    this.#state = 'ended';
    this.#cancelLoadTimeout();
    const cause = this.#cause ?? { error: exitError };
    if (wasLoading) this.#loaded.reject(this.#loadError(cause.error));
    const attempts = this.#runs.endAll(cause, { isKilled: this.#isKilled });
    this.#ended.resolve({ error: cause.error, attempts });
  }

  #loadError(error: ErrorFacts): HandlerLoadError {
    const { handler, hostProgram } = this.#options;
    const where = firstUserLocation(error.stackTrace, dirname(hostProgram));
    return new HandlerLoadError({ ...error, handler, where });
  }
}

function errorOf(errorType: string, errorMessage: string): ErrorFacts {
  return { errorType, errorMessage, stackTrace: [] };
}
