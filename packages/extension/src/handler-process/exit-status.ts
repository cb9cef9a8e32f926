import type { ErrorFacts } from './frames.ts';

/** How a child process ended, as Node.js tells it, and the last of what it wrote to stderr. */
export interface Exit {
  readonly code?: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr?: string;
}

/** The words of Lambda's `Runtime.ExitError` messages, which are Go's. */
const SIGNAL_WORDS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

/** Says how a child ended: `Runtime.OutOfMemory` for an exhausted JavaScript heap, else `Runtime.ExitError`. */
export function describeExit(exit: Exit): ErrorFacts {
  const how = exit.signal
    ? `signal: ${SIGNAL_WORDS[exit.signal] ?? exit.signal}`
    : `exit status ${exit.code}`;
  // V8 writes this line before it aborts the process, and tells the reason nowhere else.
  if (exit.signal && exit.stderr?.includes('JavaScript heap out of memory')) {
    return {
      errorType: 'Runtime.OutOfMemory',
      errorMessage: `The handler process ran out of JavaScript heap memory (${how})`,
      stackTrace: [],
    };
  }
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `The handler process ended: ${how}`,
    stackTrace: [],
  };
}
