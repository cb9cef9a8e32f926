import { timerDelay } from '../max-timer.ts';
import { afterReading } from './after-reading.ts';
import { awakeTimeout } from './awake-timeout.ts';
import type { Attempt, HandlerProcessOptions } from './contract.ts';
import { HandlerLoadError } from './errors.ts';
import { describeExit } from './exit-status.ts';
import {
  type AbortReason,
  type ErrorFacts,
  type Frame,
  FrameReader,
  type HostCommand,
  type HostReport,
  type Tail,
  writeFrame,
} from './frames.ts';
import { firstLocation } from './location.ts';
import { Output } from './output.ts';
import { takePreloads } from './preloads.ts';
import { type Cause, type RunOutcome, Runs } from './runs.ts';
import { type Host, spawnHost } from './spawn-host.ts';

/** How long a child that is exiting may take. */
const ENDING_MS = 1000;

/** Why a child ended, and how many of its jobs failed by it, start again, or start again alone. */
export interface End {
  readonly error: ErrorFacts;
  readonly failed: number;
  readonly returned: number;
  readonly suspects: number;
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
  readonly #wrapper: string | undefined;
  #state: 'starting' | 'loading' | 'loaded' | 'ended' = 'starting';
  #hasBegun = false;
  #hasTracer = false;
  #exporting: { readonly requestId: string; readonly done: () => void } | undefined;
  #isKilled = false;
  #cause: Cause | undefined;

  /** @param wrapper see `execWrapper()`; it gets `NODE_OPTIONS` whole, to add to them */
  constructor(options: HandlerProcessOptions, wrapper?: string) {
    this.#options = options;
    this.#wrapper = wrapper;
    // Callers may ask later than it fails, or never.
    this.#loaded.promise.catch(() => {});
    const { NODE_OPTIONS: nodeOptions, ...env } = options.environment;
    const { rest, preloads } = wrapper
      ? { rest: nodeOptions, preloads: [] }
      : takePreloads(nodeOptions ?? '');
    const host = spawnHost(options, { ...env, ...(rest && { NODE_OPTIONS: rest }) }, wrapper);
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
    const { handler } = options;
    const given = wrapper ? undefined : nodeOptions;
    this.#send({ type: 'load', handler, preloads, ...(given && { nodeOptions: given }) });
  }

  /** Resolves when the handler is loaded. @throws {HandlerLoadError} */
  get loaded(): Promise<void> {
    return this.#loaded.promise;
  }

  get isLoaded(): boolean {
    return this.#state === 'loaded';
  }

  /** Resolves with the reason when nothing runs in it any more. Never rejects. */
  get ended(): Promise<End> {
    return this.#ended.promise;
  }

  /** Whether our program has never run in it, because of the wrapper or what that has added. */
  get wasLostInWrapper(): boolean {
    return this.hasEnded && !this.#isKilled && !this.#hasBegun && this.#wrapper !== undefined;
  }

  /** Whether the user's code has its own tracer; known when it is loaded. */
  get hasTracer(): boolean {
    return this.#hasTracer;
  }

  get #isLoading(): boolean {
    return this.#state === 'starting' || this.#state === 'loading';
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** Whether it ended, or is ending, by `kill()`. */
  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** Hands a job over. To be called while it is loaded. */
  run({ bytes, functionDeadlineMs: _, xRayDaemon: __, ...attempt }: Attempt): {
    run: number;
    outcome: Promise<RunOutcome>;
  } {
    const { run, outcome } = this.#runs.add();
    const command = { type: 'run', run, ...attempt } as const;
    if ('file' in bytes) this.#send({ ...command, bytes });
    else {
      const { event, context } = bytes;
      this.#send({ ...command, bytes: { eventBytes: event.length } }, event, context);
    }
    return { run, outcome };
  }

  /** Whether this run has not ended: no result of it has arrived. */
  runs(run: number): boolean {
    return this.#runs.has(run);
  }

  abort(run: number | undefined, reason: AbortReason): void {
    this.#send({ type: 'abort', reason, ...(run !== undefined && { run }) });
  }

  /** Resolves when the span of the tail is exported, or when that takes too long. */
  async exportTail(tail: Tail): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exporting = { requestId: tail.requestId, done: resolve };
    this.#send({ type: 'tail', ...tail });
    const timer = setTimeout(resolve, timerDelay(tail.limitMs));
    await Promise.race([promise, this.ended]);
    clearTimeout(timer);
  }

  /** Only while it loads: a job that runs keeps its own time. */
  pause(): void {
    if (this.#isLoading) this.#host?.process.kill('SIGSTOP');
  }

  resume(): void {
    if (this.#isLoading) this.#host?.process.kill('SIGCONT');
  }

  /** Ends it now: because of one run, or else all runs fail. Resolves when the process is gone. */
  kill(cause?: Cause): Promise<void> {
    if (!this.hasEnded) {
      this.#isKilled = true;
      this.#cause ??= cause;
      this.#end(describeExit({ signal: 'SIGKILL' }));
    }
    this.#host?.kill();
    return this.#gone.promise;
  }

  #send(command: HostCommand, ...body: Buffer[]): void {
    if (this.#host?.pipe.writable) writeFrame(this.#host.pipe, command, ...body);
  }

  #watch({ process: child, pipe, stdout, stderr }: Host): void {
    const { write } = this.#options;
    // What Node.js prints before our program runs tells why it does not, and becomes the reason.
    let early: Buffer[] | undefined = [];
    const outputs = {
      stdout: new Output(stdout, write),
      stderr: new Output(stderr, (lines) => (early ? early.push(lines) : write(lines))),
    };
    const flush = () => {
      outputs.stdout.flush();
      outputs.stderr.flush();
    };
    const frames = new FrameReader<HostReport>();
    pipe.on('data', (chunk: Buffer) => {
      try {
        for (const { message, body } of frames.push(chunk)) this.#receive({ message, body }, flush);
      } catch (error) {
        this.#replace(`what it sent to the extension cannot be read: ${error}`);
      }
      if (early && this.#state !== 'starting') {
        early.forEach(write);
        early = undefined;
      }
    });
    // A pipe that breaks also closes.
    pipe.on('error', () => {});
    pipe.once('close', () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // It is ending; one that lives on has closed it itself.
      this.#awaitExit('it closed its connection to the extension (file descriptor 3)');
    });
    child.once('exit', (code, signal) => {
      this.#gone.resolve();
      // Not until its pipes close: programs that it has started may hold them.
      afterReading(() => {
        flush();
        for (const stream of [pipe, stdout, stderr]) stream.destroy();
        if (this.hasEnded) early?.forEach(write);
        const { tail } = outputs.stderr;
        const stackTrace = early ? tail.split('\n').filter((line) => line.trim() !== '') : [];
        this.#end({ ...describeExit({ code, signal, stderr: tail }), stackTrace });
      });
    });
  }

  #receive({ message, body }: Frame<HostReport>, flush: () => void): void {
    switch (message.type) {
      case 'loading':
        this.#hasBegun = true;
        if (this.#state === 'starting') this.#state = 'loading';
        break;
      case 'loaded':
        if (this.#state !== 'loading') break;
        this.#state = 'loaded';
        this.#hasTracer = message.hasTracer === true;
        this.#cancelLoadTimeout();
        this.#loaded.resolve();
        break;
      case 'load-failed':
        this.#failLoad(message.error);
        break;
      case 'started':
        this.#runs.markStarted(message.run);
        break;
      case 'succeeded': {
        const { omitted } = message;
        this.#settle(message.run, flush, {
          status: 'succeeded',
          ...(body.length > 0 && { result: body.toString() }),
          ...(omitted !== undefined && { omitted }),
        });
        break;
      }
      case 'failed': {
        const { run, error, retriable } = message;
        this.#settle(run, flush, { status: 'failed', ...error, cause: 'handler', retriable });
        break;
      }
      case 'tail-exported':
        // One that took too long may end while the next one is awaited.
        if (message.requestId === this.#exporting?.requestId) this.#exporting.done();
        break;
      case 'dying':
        this.#cause ??= message;
        // An 'exit' listener of the user's can take forever.
        this.#awaitExit('it did not end');
        break;
      default:
        message satisfies never;
    }
  }

  /** A result counts when everything that the job printed has been passed on. */
  #settle(run: number, flush: () => void, outcome: RunOutcome): void {
    const settle = this.#runs.take(run);
    if (!settle) return;
    afterReading(() => {
      // The environment may be frozen now.
      if (this.#runs.size === 0) flush();
      settle(outcome);
    });
  }

  #failLoad(error: ErrorFacts): void {
    if (!this.#isLoading) return;
    this.#end(error);
    this.#host?.kill();
  }

  /** Ends a child that should be gone in a moment, and is not. */
  #awaitExit(reason: string): void {
    const cancel = awakeTimeout(ENDING_MS, () => this.#replace(reason));
    this.#host?.process.once('exit', cancel);
  }

  /** Ends a child that cannot be talked to. Its exit settles the runs. */
  #replace(reason: string): void {
    this.#cause ??= {
      error: errorOf('Runtime.ExitError', `The handler process was killed, since ${reason}`),
    };
    this.#host?.kill();
  }

  #end(exitError: ErrorFacts): void {
    if (this.hasEnded) return;
    const wasLoaded = this.isLoaded;
    this.#state = 'ended';
    this.#cancelLoadTimeout();
    const { error = exitError, run } = this.#cause ?? {};
    if (!wasLoaded) this.#loaded.reject(this.#loadError(error));
    const isForAll = this.#isKilled && run === undefined;
    this.#ended.resolve({ error, ...this.#runs.endAll(error, run, { isForAll }) });
  }

  #loadError(error: ErrorFacts): HandlerLoadError {
    const { handler } = this.#options;
    return new HandlerLoadError({ ...error, handler, where: firstLocation(error.stackTrace) });
  }
}

function errorOf(errorType: string, errorMessage: string): ErrorFacts {
  return { errorType, errorMessage, stackTrace: [] };
}
