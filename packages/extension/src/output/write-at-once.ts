/**
 * Makes writes to stdout and stderr block while the pipe is full. Otherwise what does not fit waits in this
 * process: it takes memory without a limit, and is lost when the process ends.
 */
export function writeAtOnce(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): void } };
    _handle?.setBlocking?.(true);
  }
}
