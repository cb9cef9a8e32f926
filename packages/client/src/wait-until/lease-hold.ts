import { post } from '../post.ts';
import { endPath } from '../protocol.ts';
import type { CurrentRequest } from './current-request.ts';
import type { Hold } from './hold.ts';
import { LeaseConnection, type Loss } from './lease-connection.ts';
import { NoHoldError } from './no-hold-error.ts';
import * as report from './report.ts';

/** An extension that is well answers in less than a millisecond; the reply must not wait for one that is not. */
const MAX_WAIT_MS = 1_000;

interface Options {
  readonly socketPath: string;
  /** Called when the extension names the deadline of the invocation. */
  readonly onDeadline: (deadlineMs: number) => void;
  /** Called when the extension has ended the hold while work was open. */
  readonly onCutOff: () => void;
}

/**
 * With the layer: a lease on the extension, one for all promises that are open, so that a thousand of
 * them take one connection. The extension notices when this process dies.
 */
export class LeaseHold implements Hold {
  readonly #options: Options;
  #connection: LeaseConnection | undefined;
  #end: (() => void) | undefined;
  #taken: Promise<void> = Promise.resolve();
  #answered: () => void = () => {};
  #hasExtension = true;
  #isInUse = false;
  #isLossReported = false;

  constructor(options: Options) {
    this.#options = options;
  }

  take(request: CurrentRequest): void {
    this.#isInUse = true;
    if (this.#end) return;
    if (!this.#hasExtension) {
      this.#complain(new NoHoldError('not-set-up'));
      return;
    }
    if (!this.#connection?.isUsable) {
      this.#connection = new LeaseConnection(this.#options.socketPath);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    // Not unref'd: the runtime may be waiting for this and have nothing else that keeps the process alive.
    const timer = setTimeout(resolve, MAX_WAIT_MS);
    this.#answered = () => {
      clearTimeout(timer);
      resolve();
    };
    this.#taken = promise;
    this.#end = this.#connection.open(request, {
      held: (deadlineMs) => {
        this.#isLossReported = false;
        if (deadlineMs !== undefined) this.#options.onDeadline(deadlineMs);
        this.#answered();
      },
      lost: (loss) => {
        this.#end = undefined;
        this.#answered();
        this.#reportLoss(loss);
      },
    });
  }

  taken(): Promise<void> {
    return this.#taken;
  }

  release(): void {
    this.#end?.();
    this.#end = undefined;
    this.#answered();
  }

  started({ deadlineMs }: CurrentRequest): void {
    this.#isInUse ||= deadlineMs !== undefined; // Only a wrapped handler's is known by then.
  }

  /**
   * The extension hears it from Lambda as well, but later: this lets Lambda freeze the environment at once.
   * A function that only hands jobs off is spared the message.
   */
  replied(requestId: string | undefined): void {
    if (requestId === undefined || !this.#isInUse || !this.#hasExtension) return;
    const message = { socketPath: this.#options.socketPath, path: endPath(requestId) };
    post(message, MAX_WAIT_MS).catch((error) => {
      if (error.reason === 'not-listening') this.#hasExtension = false;
    });
  }

  #reportLoss(loss: Loss): void {
    switch (loss.why) {
      case 'not-listening':
        // Its socket exists before the function starts, so it will not appear later either.
        this.#hasExtension = false;
        this.#complain(new NoHoldError('not-set-up'));
        break;
      case 'ended':
        this.#options.onCutOff();
        break;
      case 'refused':
      case 'broken':
        this.#complain(new NoHoldError('lost', loss.detail));
        break;
      default:
        loss satisfies never;
    }
  }

  #complain({ code, message }: NoHoldError): void {
    if (this.#isLossReported) return;
    this.#isLossReported = true;
    report.error(`${code}: ${message}`);
  }
}
