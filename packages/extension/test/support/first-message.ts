import type { ChildProcess } from 'node:child_process';

/** The first message of a forked program; rejects when it ends without a message. */
export function firstMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code, signal) => reject(new Error(`ended with ${code ?? signal}`)));
  });
}
