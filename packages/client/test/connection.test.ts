import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../src/index.ts';
import type * as ProcessState from '../src/process-state.ts';
import { lambdaContext } from './lambda-context.ts';
import { runFixture } from './run-fixture.ts';
import { accept, socketPath, startStandIn } from './stand-in.ts';

const PATH = /\/\S+\/extension\.sock/g;

/** The error of a hand-off that must fail, with a fixed path in its message. */
async function failure(env: Record<string, string>, context = lambdaContext()) {
  const error = await createClient(env)
    .handOff({}, context)
    .then(
      () => undefined,
      (reason) => reason,
    );
  error.message = error.message.replace(PATH, '<socket>');
  return error;
}

describe('the connection', () => {
  it('is kept for the hand-offs that follow', async () => {
    const extension = await startStandIn();

    for (let n = 0; n < 5; n += 1) await createClient(extension.env).handOff(n, lambdaContext());

    expect(extension.received).toHaveLength(5);
    expect(extension.connected).toBe(1);
  });

  it('is one for all copies of the package in a process', async () => {
    const file = new URL('../src/process-state.ts', import.meta.url);
    const first: typeof ProcessState = await import(`${file}?copy=1`);
    const second: typeof ProcessState = await import(`${file}?copy=2`);

    expect(first.processState).not.toBe(second.processState);
    expect(first.processState()).toBe(second.processState());
  });

  it('is replaced when it died while nobody looked: the same job is sent again, under the same key', async () => {
    let jobs = 0;
    const extension = await startStandIn((response, received) => {
      jobs += 1;
      if (jobs === 2) response.destroy();
      else accept(response, received);
    });
    const { handOff } = createClient(extension.env);
    await handOff('first', lambdaContext());

    await expect(handOff('second', lambdaContext())).resolves.toEqual({ jobId: 'request-1.1' });

    const [first, lost, repeated] = extension.received;
    expect(extension.connected).toBe(2);
    expect(repeated?.body).toBe(lost?.body);
    expect(repeated?.headers['idempotency-key']).toBe(lost?.headers['idempotency-key']);
    expect(lost?.headers['idempotency-key']).not.toBe(first?.headers['idempotency-key']);
  });

  it('is not taken from the other dead ones', async () => {
    // Three connections are open; from then on, every one of them dies at its next message.
    const waiting: (() => void)[] = [];
    const extension = await startStandIn((response, received) => {
      if (waiting.length === 3 && extension.connected === 3) return response.destroy();
      if (waiting.length === 3) return accept(response, received);
      waiting.push(() => accept(response, received));
      if (waiting.length === 3) for (const reply of waiting) reply();
    });
    const { handOff } = createClient(extension.env);
    await Promise.all([1, 2, 3].map((event) => handOff(event, lambdaContext())));

    await expect(handOff(4, lambdaContext())).resolves.toEqual({ jobId: 'request-1.1' });
    expect(extension.connected).toBe(4);
  });

  it('survives a new extension at the same place', async () => {
    const path = await socketPath();
    const before = await startStandIn(accept, path);
    await createClient(before.env).handOff('before', lambdaContext());
    await before.close();
    const after = await startStandIn(accept, path);

    await createClient(after.env).handOff('after', lambdaContext());

    expect(after.received).toHaveLength(1);
  });

  it('may break right after the answer to a large hand-off without harm to the function', async () => {
    const extension = await startStandIn();

    await createClient(extension.env).handOff('x'.repeat(5_000_000), lambdaContext());
    await extension.close(); // On Node.js 22, this was an uncaught EPIPE.
  });

  it('does not keep the process alive', async () => {
    const extension = await startStandIn();

    const { output, exitCode } = await runFixture('hands-off.mjs', extension.env).ended;

    expect(output).toBe("{ jobId: 'request-1.1' }\n");
    expect(exitCode).toBe(0);
  });

  it('keeps it alive for as long as a hand-off is under way', async () => {
    const extension = await startStandIn();

    const { output } = await runFixture('does-not-await.mjs', extension.env).ended;

    expect(output).toBe('accepted\n');
  });
});

describe('a hand-off that cannot be delivered', () => {
  it('says that no extension is there', async () => {
    const error = await failure({ ASYNC_HTTP_SOCKET: await socketPath() });

    expect(error).toMatchObject({
      name: 'ExtensionUnreachableError',
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
      reason: 'not-listening',
      cause: { code: 'ENOENT' },
    });
    expect(error.message).toMatchInlineSnapshot(
      `"No async-http extension listens at <socket> (ENOENT), so the job was not accepted. Add the async-http layer to the function, and set ASYNC_HTTP_SOCKET, if at all, on the function itself."`,
    );
  });

  it('says so, too, when only the file of an extension that ended is there', async () => {
    const program = runFixture('listens-and-dies.mjs', { ASYNC_HTTP_SOCKET: await socketPath() });
    const { output } = await program.ended;

    const error = await failure({ ASYNC_HTTP_SOCKET: output.trim() });

    expect(error).toMatchObject({ reason: 'not-listening', cause: { code: 'ECONNREFUSED' } });
  });

  it('is not sent a third time', async () => {
    const extension = await startStandIn((response) => response.destroy());

    const error = await failure(extension.env);

    expect(error).toMatchObject({
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
      reason: 'connection-lost',
    });
    expect(error.message).toMatchInlineSnapshot(
      `"The connection to the async-http extension at <socket> broke before an answer came, and a second try failed as well (socket hang up), so it is not known whether the job runs. Look in the function's log for what ended the extension."`,
    );
    expect(extension.received).toHaveLength(2);
  });

  it('may have arrived when the extension ends before it answers', async () => {
    const extension = await startStandIn(() => void extension.close());

    expect(await failure(extension.env)).toMatchObject({
      reason: 'connection-lost',
      cause: { syscall: 'connect' },
    });
  });

  it('fails when an answer breaks off', async () => {
    const extension = await startStandIn((response) => {
      response.writeHead(202, { 'content-length': 100 }).write('{"jobId":');
      response.destroy();
    });

    expect(await failure(extension.env)).toMatchObject({ reason: 'connection-lost' });
  });

  it('fails when what listens there does not speak HTTP', async () => {
    const path = await socketPath();
    const server = createServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());

    expect(await failure({ ASYNC_HTTP_SOCKET: path })).toMatchObject({
      reason: 'connection-lost',
    });
  });

  it('ends before the time of its request does, when there is no answer', async () => {
    const extension = await startStandIn(() => {});

    const error = await failure(
      extension.env,
      lambdaContext({ getRemainingTimeInMillis: () => 350 }),
    );

    expect(error).toMatchObject({
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
      reason: 'no-answer',
    });
    expect(error.message).toMatchInlineSnapshot(
      `"The async-http extension at <socket> did not answer within 250 ms, so the job counts as not accepted, though it may still run. Look in the function's log for what keeps the extension busy; if the request had little time left, raise the function's timeout."`,
    );
  });

  it('ends in time also when others, which have more time, take up all connections', async () => {
    const extension = await startStandIn(() => {});
    const patient = Array.from({ length: 16 }, () => failure(extension.env));

    const context = lambdaContext({ getRemainingTimeInMillis: () => 350 });
    expect(await failure(extension.env, context)).toMatchObject({ reason: 'no-answer' });

    expect(extension.connected).toBe(16);
    await extension.close();
    await Promise.all(patient);
  });

  it('is still tried when no time is left', async () => {
    const extension = await startStandIn();
    const context = lambdaContext({ getRemainingTimeInMillis: () => 0 });

    await expect(createClient(extension.env).handOff({}, context)).resolves.toBeDefined();
  });
});

describe('a function that is frozen during a hand-off', () => {
  it('takes the answer that came meanwhile, although the time limit has passed', async () => {
    const frozen = Promise.withResolvers<void>();
    const extension = await startStandIn((response, received) => {
      child.kill('SIGSTOP');
      accept(response, received);
      // Longer than the limit, which is the 1,100 ms of the fixture's context less the reserve.
      setTimeout(frozen.resolve, 1_500);
    });
    const { child, ended } = runFixture('does-not-await.mjs', extension.env);

    await frozen.promise;
    child.kill('SIGCONT');

    expect((await ended).output).toBe('accepted\n');
  });
});
