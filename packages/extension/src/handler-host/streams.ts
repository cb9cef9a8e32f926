import { Writable } from 'node:stream';

/**
 * Makes writes to stdout and stderr block while the pipe is full. Otherwise what does not fit waits in this
 * process, and is lost when a job ends it.
 */
export function writeAtOnce(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): void } };
    _handle?.setBlocking?.(true);
  }
}

/** Calls `then` when all that was printed is in the pipe. A program that shares it can undo the above. */
export function whenWritten(then: () => void): void {
  const stream = [process.stdout, process.stderr].find(({ writableLength }) => writableLength > 0);
  // By the method of all streams, since user code may have replaced the stream's own.
  if (stream) Writable.prototype.write.call(stream, '', 'utf8', () => whenWritten(then));
  else then();
}
