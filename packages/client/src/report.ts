// The only file of this package that touches `console`: the runtime gives its lines the level and the format of
// the function's log. Looked up at each call, because the runtime replaces the methods while it starts.
/* biome-ignore-all lint/suspicious/noConsole: see above */

export function info(message: string): void {
  console.info(message);
}

export function warn(message: string): void {
  console.warn(message);
}

export function error(message: string): void {
  console.error(message);
}
