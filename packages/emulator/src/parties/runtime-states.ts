/** States of the runtime as the Runtime API reports them in its messages. */
export type RuntimeState =
  | 'Started'
  | 'InitError'
  | 'Ready'
  | 'Running'
  | 'InvocationResponse'
  | 'InvocationErrorResponse'
  | 'RuntimeResponseSentState';

/** What moves the runtime: its own calls, the delivery of an event, and its answer having been read. */
export type RuntimeMove = 'next' | 'event' | 'response' | 'error' | 'sent' | 'initError';

/** The state that each move asks for. */
export const RUNTIME_TARGETS: Readonly<Record<RuntimeMove, RuntimeState>> = {
  next: 'Ready',
  event: 'Running',
  response: 'InvocationResponse',
  error: 'InvocationErrorResponse',
  sent: 'RuntimeResponseSentState',
  initError: 'InitError',
};

const ALLOWED: Readonly<Record<RuntimeState, readonly RuntimeMove[]>> = {
  Started: ['next', 'initError'],
  InitError: [],
  Ready: ['event', 'next'],
  // `next` while running is answered with the same event again.
  Running: ['response', 'error', 'next'],
  InvocationResponse: ['sent'],
  InvocationErrorResponse: ['sent'],
  RuntimeResponseSentState: ['next'],
};

/** The next state, or undefined when the move is not allowed in this one. */
export function moveRuntime(state: RuntimeState, move: RuntimeMove): RuntimeState | undefined {
  if (!ALLOWED[state].includes(move)) return undefined;
  return state === 'Running' && move === 'next' ? 'Running' : RUNTIME_TARGETS[move];
}
