import { describe, expect, it } from 'vitest';
import { createClient } from '../src/index.ts';
import { lambdaContext } from './lambda-context.ts';
import { answer, type Respond, startStandIn } from './stand-in.ts';

async function errorFor(respond: Respond) {
  const extension = await startStandIn(respond);
  return createClient(extension.env)
    .handOff({}, lambdaContext())
    .then(
      () => undefined,
      (reason) => reason,
    );
}

describe('a refusal', () => {
  it.each([
    [503, 'ASYNC_HTTP_HANDLER_UNAVAILABLE', 'HandlerUnavailableError'],
    [503, 'ASYNC_HTTP_SHUTTING_DOWN', 'ShuttingDownError'],
    [413, 'ASYNC_HTTP_PAYLOAD_TOO_LARGE', 'PayloadTooLargeError'],
  ])(
    '%i %s is an error with this code, and the reason in the words of the extension',
    async (status, code, name) => {
      const message = 'The reason, in a sentence.';

      const error = await errorFor(answer(status, JSON.stringify({ code, message })));

      expect(error).toMatchObject({ name, code, message });
    },
  );

  it('with a code that this client does not know keeps its status and text', async () => {
    const error = await errorFor(
      answer(400, '{"code":"ASYNC_HTTP_BAD_REQUEST","message":"no id"}'),
    );

    expect(error).toMatchObject({
      name: 'UnexpectedAnswerError',
      code: 'ASYNC_HTTP_UNEXPECTED_ANSWER',
      status: 400,
    });
    expect(error.message).toMatchInlineSnapshot(
      `"The async-http extension answered 400 with {"code":"ASYNC_HTTP_BAD_REQUEST","message":"no id"}, which this client does not understand, so the job counts as not accepted. Bring @async-http/client and the async-http layer to the same release; if they are, please report this."`,
    );
  });
});

describe('an answer', () => {
  it.each([
    [200, '{"jobId":"request-1.1"}'],
    [202, ''],
    [202, '{}'],
    [202, '{"jobId":""}'],
    [202, '{"jobId":'],
    [503, 'Service Unavailable'],
    [503, '{"code":"ASYNC_HTTP_SHUTTING_DOWN"}'],
    [302, ''],
  ])('of %i with the body %j is not taken for an acceptance', async (status, body) => {
    const error = await errorFor(answer(status, body));

    expect(error).toMatchObject({ code: 'ASYNC_HTTP_UNEXPECTED_ANSWER', status, body });
  });
});

describe('another version of the contract', () => {
  const acceptAs =
    (version: string): Respond =>
    (response) =>
      response.writeHead(202, { 'async-http-version': version }).end('{"jobId":"request-1.1"}');

  it('on the side of the extension: the client is to be updated', async () => {
    const error = await errorFor(acceptAs('2'));

    expect(error).toMatchObject({
      name: 'VersionMismatchError',
      code: 'ASYNC_HTTP_VERSION_MISMATCH',
      clientVersion: '1',
      extensionVersion: '2',
    });
    expect(error.message).toMatchInlineSnapshot(
      `"The client speaks version 1 of the async-http contract and the extension version 2, so the job was not accepted. Update @async-http/client (and @async-http/proxy) in the function."`,
    );
  });

  it('that is older, on the side of the extension: the layer is to be updated', async () => {
    expect((await errorFor(acceptAs('0'))).message).toMatchInlineSnapshot(
      `"The client speaks version 1 of the async-http contract and the extension version 0, so the job was not accepted. Update the async-http layer of the function."`,
    );
  });

  it('is told apart from a program that names none', async () => {
    const error = await errorFor((response) => response.writeHead(202).end('OK'));

    expect(error).toMatchObject({ extensionVersion: undefined });
    expect(error.message).toMatchInlineSnapshot(
      `"What answers on the socket does not name a version of the async-http contract; the client speaks version 1, so the job was not accepted. Update the async-http layer, and check that ASYNC_HTTP_SOCKET does not point at another program's socket."`,
    );
  });
});
