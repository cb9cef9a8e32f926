/** States of an extension as the Extensions API reports them in its messages. */
export type ExtensionState =
  | 'Started'
  | 'Registered'
  | 'Ready'
  | 'Running'
  | 'InitError'
  | 'ExitError';

/** What moves an extension: its own calls, and the delivery of an event. */
export type ExtensionMove = 'register' | 'next' | 'event' | 'initError' | 'exitError';

const TARGETS: Readonly<Record<ExtensionMove, ExtensionState>> = {
  register: 'Registered',
  next: 'Ready',
  event: 'Running',
  initError: 'InitError',
  exitError: 'ExitError',
};

/** The state that each move asks for, as messages about a refused move name it. */
export const EXTENSION_TARGETS: Readonly<Record<ExtensionMove, string>> = {
  ...TARGETS,
  exitError: 'Exited',
};

const ALLOWED: Readonly<Record<ExtensionState, readonly ExtensionMove[]>> = {
  Started: ['register'],
  Registered: ['next', 'initError', 'exitError'],
  Ready: ['event', 'exitError'],
  Running: ['next', 'exitError'],
  InitError: ['initError'],
  ExitError: ['exitError'],
};

/** The next state, or undefined when the move is not allowed in this one. */
export function moveExtension(
  state: ExtensionState,
  move: ExtensionMove,
): ExtensionState | undefined {
  return ALLOWED[state].includes(move) ? TARGETS[move] : undefined;
}
