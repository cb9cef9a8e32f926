import { connect } from 'node:net';
import { readAnswer } from './http-answer.ts';
import type { RuntimeApi } from './runtime-api.ts';

export interface InvokeEvent {
  readonly requestId: string;
  /** Wall-clock ms since the epoch. */
  readonly deadlineMs: number;
}

/**
 * Asks Lambda for the next invocation, which also says that this extension is done with the last one. Without
 * a timeout: Lambda may freeze the environment meanwhile, so hours can pass in here. Keeps no process alive.
 *
 * @throws when Lambda refuses, or the connection breaks
 * @see Extensions API, "Next": https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#extensions-api-next
 */
export function nextEvent({ host, port }: RuntimeApi, identifier: string): Promise<InvokeEvent> {
  return new Promise((resolve, reject) => {
    // A connection of its own: a kept one can die while the environment is frozen, and a second try is refused.
    const socket = connect({ host, port }).unref();
    let received = Buffer.alloc(0);

    const read = (isComplete: boolean) => {
      const answer = readAnswer(received, isComplete);
      if (!answer) return;
      socket.destroy();
      if (answer.status === 200) resolve(JSON.parse(answer.body));
      else reject(new Error(`Lambda answered ${answer.status} ${answer.body}`));
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      read(false);
    });
    socket.on('end', () => read(true));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('Lambda closed the connection')));
    socket.write(
      `GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: ${host}:${port}\r\n` +
        `Lambda-Extension-Identifier: ${identifier}\r\nConnection: close\r\n\r\n`,
    );
  });
}
