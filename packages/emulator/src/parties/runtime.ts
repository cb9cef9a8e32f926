import type { Invocation } from './invocation.ts';

/** Hands an invocation to a parked `/invocation/next`. @returns whether somebody was still there. */
export type Deliver = (invocation: Invocation) => boolean;

/** Why the Runtime API refuses a call. */
export interface Refusal {
  readonly status: number;
  readonly errorType: string;
  readonly errorMessage: string;
}

/**
 * The runtime process as the Runtime API sees it, in one run of an environment. A method that
 * returns a refusal has changed nothing.
 */
export interface RuntimeParty {
  /** The runtime waits for an event. */
  readonly isReady: boolean;
  /** Body of `/init/error`. */
  readonly initError: Buffer | undefined;
  /** `/invocation/next`: parks the call until `deliver()`. */
  next(deliver: Deliver): Refusal | undefined;
  /** Gives the runtime an event. */
  deliver(invocation: Invocation): void;
  /** `/invocation/{id}/response` or `/error` begins. */
  beginAnswer(requestId: string, kind: 'response' | 'error'): Invocation | Refusal;
  /** The answer has been read to its end. */
  endAnswer(invocation: Invocation): void;
  /** `/init/error`. */
  failInit(body: Buffer): Refusal | undefined;
}

export const INVALID_REQUEST_ID: Refusal = {
  status: 400,
  errorType: 'InvalidRequestID',
  errorMessage: 'Invalid request ID',
};

export function isRefusal(value: object): value is Refusal {
  return 'errorType' in value && 'errorMessage' in value;
}

/** Hands the invocation to the first parked call whose connection is still there. */
export function deliverToOne(parked: Deliver[], invocation: Invocation): boolean {
  while (true) {
    const deliver = parked.shift();
    if (!deliver) return false;
    if (deliver(invocation)) return true;
  }
}
