// The only file of this package that touches `console`: the runtime gives its lines the level and the format of
// the function's log. Looked up at each call, because the runtime replaces the methods while it starts.
/* biome-ignore-all lint/suspicious/noConsole: see above */

export function info(message: string): void {
  report('info', message);
}

export function warn(message: string): void {
  report('warn', message);
}

export function error(message: string): void {
  report('error', message);
}

/** Never throws: a function's own `console` can, and that must fail no request and end no process. */
function report(level: 'info' | 'warn' | 'error', message: string): void {
  try {
    console[level](message);
  } catch {
    // The line cannot be written.
  }
}
