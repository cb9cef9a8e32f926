import type { Readable } from 'node:stream';

/**
 * Calls `then` when all of the pipes have been read to their end, but after `limitMs` at the latest:
 * a grandchild may keep a pipe of a child that has ended open.
 */
export function whenDrained(pipes: readonly Readable[], limitMs: number, then: () => void): void {
  const open = new Set(pipes.filter((pipe) => !pipe.closed && !pipe.readableEnded));
  let isDone = false;
  const finish = () => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    then();
  };
  const timer = setTimeout(finish, limitMs);
  for (const pipe of open) {
    const drained = () => {
      open.delete(pipe);
      if (open.size === 0) finish();
    };
    pipe.once('end', drained).once('close', drained);
  }
  if (open.size === 0) finish();
}
