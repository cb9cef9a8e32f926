import { constants } from 'node:os';

/** Go's words for signals, which Lambda's messages use: `signal: killed`. */
const WORDS: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

export function signalName(signal: string): string {
  return WORDS[signal] ?? signal;
}

/** The same for a number; undefined for signals that do not usually end a process. */
export function signalNameOf(number: number): string | undefined {
  const signal = Object.keys(WORDS).find(
    (name) => constants.signals[name as NodeJS.Signals] === number,
  );
  return signal && WORDS[signal];
}
