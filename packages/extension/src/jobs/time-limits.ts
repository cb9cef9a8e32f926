import type { Budget } from '@async-http/client/protocol';
import type { AbortReason } from '../handler-process/handler-process.ts';
import { timerDelay } from '../max-timer.ts';

/**
 * The clocks of one job. They run from the budget of its invocation, or, once Lambda ends the
 * environment, from what the SHUTDOWN window leaves.
 */
export class TimeLimits {
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  readonly #send = new AbortController();
  #timers: NodeJS.Timeout[] = [];
  #areOfShutdown: boolean;
  #beginSendUntilMs: number;

  constructor({ abortAtMs, killAtMs, beginSendUntilMs, sendUntilMs }: Budget, reason: AbortReason) {
    this.#areOfShutdown = reason === 'shutdown';
    this.#beginSendUntilMs = beginSendUntilMs;
    this.#run({ abortAtMs, killAtMs, sendUntilMs, reason });
  }

  /** Fires when no attempt may continue or begin; its `reason` is an {@link AbortReason}. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Fires when an attempt that has not ended by itself must be killed. */
  get kill(): AbortSignal {
    return this.#kill.signal;
  }

  /** Fires when a record can no longer be sent. */
  get send(): AbortSignal {
    return this.#send.signal;
  }

  /** Whether a record that is sent from now on can be there in time. */
  get leaveTimeToSend(): boolean {
    return Date.now() < this.#beginSendUntilMs;
  }

  /** Whether they are those of the SHUTDOWN window. */
  get areOfShutdown(): boolean {
    return this.#areOfShutdown;
  }

  get stopReason(): AbortReason | undefined {
    return this.stop.aborted ? this.stop.reason : undefined;
  }

  /** Lambda is ending the environment: stop now, and be done by `untilMs` (wall clock). */
  shutdown(untilMs: number): void {
    this.#areOfShutdown = true;
    this.#beginSendUntilMs = untilMs;
    const now = Date.now();
    // A handler that obeys its signal needs no more, and the record is what must get through.
    const killAtMs = now + (untilMs - now) / 4;
    this.clear();
    this.#run({ abortAtMs: now, killAtMs, sendUntilMs: untilMs, reason: 'shutdown' });
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  #run(at: {
    abortAtMs: number;
    killAtMs: number;
    sendUntilMs: number;
    reason: AbortReason;
  }): void {
    const schedule = (atMs: number, controller: AbortController, reason?: AbortReason) => {
      const leftMs = atMs - Date.now();
      if (leftMs <= 0) controller.abort(reason);
      // What has arrived comes first: after a pause of this process (little CPU, a thaw) a result may be
      // waiting to be read that is older than the end of the time.
      else {
        const abort = () => setImmediate(() => controller.abort(reason));
        this.#timers.push(setTimeout(abort, timerDelay(leftMs)));
      }
    };
    schedule(at.abortAtMs, this.#stop, at.reason);
    schedule(at.killAtMs, this.#kill);
    schedule(at.sendUntilMs, this.#send);
  }
}
