import { request } from 'node:http';

export interface InvokeEvent {
  readonly requestId: string;
  /** Wall-clock ms since the epoch. */
  readonly deadlineMs: number;
}

/**
 * Asks Lambda for the next invocation, which also says that this extension is done with the last one. Without
 * a timeout: Lambda may freeze the environment meanwhile, so hours can pass in here. Keeps no process alive.
 *
 * @see Extensions API, "Next": https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#extensions-api-next
 */
export function nextEvent(runtimeApi: string, identifier: string): Promise<InvokeEvent> {
  const { hostname, port } = new URL(`http://${runtimeApi}`);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        // A connection of its own: a kept one can die while the environment is frozen, and a second try is refused.
        agent: false,
        hostname,
        port,
        path: '/2020-01-01/extension/event/next',
        headers: { 'Lambda-Extension-Identifier': identifier },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200) reject(new Error(`${response.statusCode} ${text}`));
          else resolve(JSON.parse(text));
        });
      },
    );
    call.on('socket', (socket) => socket.unref());
    call.on('error', reject);
    call.end();
  });
}
