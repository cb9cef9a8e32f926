/** Why a phase did not end well: a process is gone, or time is up. */
export interface Fault {
  readonly kind: 'crash' | 'timeout';
  /** Lambda's name for it, e.g. `Runtime.ExitError`, `Extension.Crash`. */
  readonly errorType: string;
  readonly message: string;
  /** `runtime`, or the extension's name. */
  readonly process: string;
  /** What the runtime itself said when it failed to initialise; the caller gets it unchanged. */
  readonly reported?: Buffer;
}

/** Thrown to leave a phase; never leaves the environment. */
export class PhaseFailure extends Error {
  override readonly name = 'PhaseFailure';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

export const TIMEOUT: Fault = {
  kind: 'timeout',
  errorType: 'Sandbox.Timedout',
  message: 'timeout',
  process: 'runtime',
};
