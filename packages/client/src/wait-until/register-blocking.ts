import { type HttpAnswer, readAnswer } from '../protocol/http-answer.ts';
import { formatCall, type RuntimeApi } from '../protocol/runtime-api.ts';
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
 * @throws when Lambda refuses or does not answer
 * @see Extensions API, "Register": https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#extensions-registration-api-a
 */
export function registerBlocking(api: RuntimeApi): string {
  const socket = new BlockingSocket(api, LIMIT_MS);
  try {
    socket.write(
      formatCall(api, {
        method: 'POST',
        path: '/2020-01-01/extension/register',
        headers: { 'Lambda-Extension-Name': NAME },
        body: { events: ['INVOKE'] },
      }),
    );
    const { status, headers, body } = readWhole(socket);
    const identifier = headers.get('lambda-extension-identifier');
    if (status !== 200 || !identifier) throw new Error(`Lambda answered ${status} ${body}`);
    return identifier;
  } finally {
    socket.close();
  }
}

function readWhole(socket: BlockingSocket): HttpAnswer {
  let received = Buffer.alloc(0);
  while (true) {
    const more = socket.read();
    received = Buffer.concat([received, more]);
    const answer = readAnswer(received, more.length === 0);
    if (answer) return answer;
    if (more.length === 0) throw new Error('Lambda closed the connection');
  }
}
