/**
 * `threadId` of `node:worker_threads`, a module that takes two thirds as long to load as the rest of a function's
 * client. A thread has loaded it anyway, and is known by what Node.js marks as not available there.
 *
 * @see Node.js, "Class: Worker": process.abort() is not available
 */
export function threadId(): number {
  const isMainThread = !('disabled' in process.abort);
  return isMainThread ? 0 : process.getBuiltinModule('node:worker_threads').threadId;
}
