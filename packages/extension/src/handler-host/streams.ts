import { Writable } from 'node:stream';

/** Calls `then` when all that was printed is in the pipe. A program that shares it can undo the above. */
export function whenWritten(then: () => void): void {
  const stream = [process.stdout, process.stderr].find(({ writableLength }) => writableLength > 0);
  // By the method of all streams, since user code may have replaced the stream's own.
  if (stream) Writable.prototype.write.call(stream, '', 'utf8', () => whenWritten(then));
  else then();
}
