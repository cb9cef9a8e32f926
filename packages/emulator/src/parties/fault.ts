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

export type FaultStatus = 'error' | 'failure' | 'timeout';

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

export function crash(errorType: string, message: string, process: string): Fault {
  return { kind: 'crash', errorType, message, process };
}

/** The fault that ended a phase; an error of another kind is thrown on, it is none of the function's. */
export function faultOf(error: unknown): Fault {
  if (error instanceof PhaseFailure) return error.fault;
  throw error;
}

/** `status` of the platform's events about it. */
export function statusOf(fault: Fault): FaultStatus {
  if (fault.kind === 'timeout') return 'timeout';
  return fault.errorType.startsWith('Sandbox.') ? 'failure' : 'error';
}
