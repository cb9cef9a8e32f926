/**
 * Calls `then` when everything that was in a pipe before this call has been read. Node.js reads all pipes
 * once in each turn of its loop, but this call may be made in the middle of a turn: the second one counts.
 */
export function afterReading(then: () => void): void {
  setImmediate(() => setImmediate(then));
}
