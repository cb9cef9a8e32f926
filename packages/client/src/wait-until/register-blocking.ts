import { BlockingSocket } from './blocking-socket.ts';

/** Lambda answers in about a millisecond. */
const LIMIT_MS = 2_000;

/** Any name that no file in `/opt/extensions` has makes the extension an internal one. */
const NAME = 'async-http-client';

/**
 * Registers this process as an internal extension for INVOKE, and returns its identifier when Lambda has
 * answered. It blocks, on purpose: registration closes when the runtime asks for its first invocation, and
 * no promise in a CommonJS handler could be sure to settle before that.
 *
 * @param runtimeApi `AWS_LAMBDA_RUNTIME_API`, `host:port`
 * @throws when Lambda refuses or does not answer
 * @see Extensions API, "Register": https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#extensions-registration-api-a
 */
export function registerBlocking(runtimeApi: string): string {
  const { hostname, port } = new URL(`http://${runtimeApi}`);
  const address = hostname === 'localhost' ? '127.0.0.1' : hostname;
  const body = '{"events":["INVOKE"]}';
  const socket = new BlockingSocket(
    {
      // node:net connects at once, and not in the next tick, when a name is looked up synchronously.
      host: 'runtime-api',
      port: Number(port),
      family: 4,
      lookup: (_name, _options, found) => found(null, address, 4),
    },
    LIMIT_MS,
  );
  try {
    socket.write(
      `POST /2020-01-01/extension/register HTTP/1.1\r\nHost: ${runtimeApi}\r\n` +
        `Lambda-Extension-Name: ${NAME}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    let answer = '';
    while (!answer.includes('\r\n\r\n')) {
      const more = socket.read();
      if (more === '') break;
      answer += more;
    }
    const isAccepted = answer.startsWith('HTTP/1.1 200 ');
    const id = /\r\nlambda-extension-identifier: *([^\r\n]+)/i.exec(answer)?.[1];
    if (!isAccepted || id === undefined) {
      throw new Error(`Lambda answered ${answer.replace(/\s+/g, ' ').slice(0, 500)}`);
    }
    return id.trim();
  } finally {
    socket.close();
  }
}
