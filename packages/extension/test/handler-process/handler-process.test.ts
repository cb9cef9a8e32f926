import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HandlerLoadError } from '../../src/handler-process/handler-process.ts';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';
import { isRunning } from '../fixtures/is-running.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

describe.each(NODE_PROGRAMS)('the handler process on Node.js $major', (node) => {
  it('runs the handler and returns its result as JSON', async () => {
    const handlers = handlerProcess('echoes.handler', { node });

    await handlers.ready();

    expect(await handlers.run(attempt({ answer: 42 }))).toEqual({
      status: 'succeeded',
      result: '{"answer":42}',
    });
  });

  it('needs no ready() before run()', async () => {
    const handlers = handlerProcess('echoes.handler', { node });

    expect(await handlers.run(attempt('first'))).toMatchObject({ result: '"first"' });
  });

  it('runs all jobs in one process', async () => {
    const handlers = handlerProcess('mixed.handler', { node });
    const pids = await Promise.all([1, 2, 3].map(() => resultOf(handlers, { do: 'tell-pid' })));

    expect(new Set(pids).size).toBe(1);
  });

  it('takes bodies of 5 MB and of 1.2 MB in many-byte characters, unharmed', async () => {
    const handlers = handlerProcess('measures.handler', { node });
    for (const text of ['x'.repeat(5_000_000), 'ä世🚀'.repeat(140_000)]) {
      expect(await resultOf(handlers, { text })).toEqual({
        length: text.length,
        sha256: createHash('sha256').update(text).digest('hex'),
      });
    }
  });

  it('keeps accepting jobs while one blocks the process', async () => {
    const marker = await temporaryPath('marker');
    const handlers = handlerProcess('mixed.handler', { node });
    const blocked = handlers.run(attempt({ do: 'loop', marker }));
    await vi.waitUntil(() => existsSync(marker), { timeout: 20_000 });
    const waiting = handlers.run(attempt({ do: 'answer', answer: 1 }));

    await handlers.kill();

    expect(await blocked).toMatchObject({ status: 'failed' });
    expect(await waiting).toMatchObject({ status: 'failed' });
  });

  it('offers jobs that were not taken up to the next process, and counts them no attempt', async () => {
    const handlers = handlerProcess('mixed.handler', { node });
    await handlers.ready();

    // One write, read as one: the first job ends the process before the second is looked at.
    const exiting = handlers.run(attempt({ do: 'exit', code: 1 }));
    const next = handlers.run(attempt({ do: 'answer', answer: 'still done' }));

    expect(await exiting).toMatchObject({ errorMessage: expect.stringContaining('exit status 1') });
    expect(await next).toEqual({ status: 'succeeded', result: '"still done"' });
  });

  it('gives up a job that no process lives to take up', async () => {
    const handlers = handlerProcess('dies-after-loading.handler', { node });

    expect(await handlers.run(attempt({}))).toMatchObject({
      status: 'failed',
      cause: 'process',
      errorType: 'Runtime.ExitError',
    });
  });

  it('says so when it ends without a job, and starts again for the next one', async () => {
    const handlers = handlerProcess('mixed.handler', { node });
    const pid = await resultOf(handlers, { do: 'tell-pid' });

    await handlers.run(attempt({ do: 'exit-when-idle' }));
    await vi.waitUntil(() => handlers.logged.length > 0);

    expect(handlers.logged).toEqual([
      {
        level: 'warn',
        message:
          'The handler process ended: exit status 7 while it ran no job. The next job restarts it',
        fields: {},
      },
    ]);
    expect(await resultOf(handlers, { do: 'tell-pid' })).not.toBe(pid);
  });

  describe('when it is told to abort', () => {
    it.each(['deadline', 'shutdown'] as const)(
      'fires the signal with reason %s',
      async (reason) => {
        const handlers = handlerProcess('mixed.handler', { node });
        const waiting = handlers.run(attempt({ do: 'wait-for-abort' }));
        await resultOf(handlers, { do: 'answer' });

        handlers.abort(undefined, reason);

        expect(JSON.parse(resultIn(await waiting))).toEqual({
          name: 'AbortError',
          code: 'ASYNC_HTTP_JOB_ABORTED',
          reason,
        });
      },
    );

    it('fires the signal by itself at the deadline of the attempt', async () => {
      const handlers = handlerProcess('mixed.handler', { node });
      await handlers.ready();
      const deadlineMs = Date.now() + 50;

      const result = await handlers.run(attempt({ do: 'wait-for-abort' }, { deadlineMs }));

      expect(JSON.parse(resultIn(result))).toMatchObject({ reason: 'deadline' });
      expect(Date.now()).toBeGreaterThanOrEqual(deadlineMs);
    });
  });

  describe('when it is killed', () => {
    it('ends running attempts, in a loop or not, and runs later ones in a new process', async () => {
      const marker = await temporaryPath('marker');
      const handlers = handlerProcess('mixed.handler', { node });
      const pid = await resultOf(handlers, { do: 'tell-pid' });
      const pending = handlers.run(attempt({ do: 'never-settle' }));
      const looping = handlers.run(attempt({ do: 'loop', marker }));
      await vi.waitUntil(() => existsSync(marker), { timeout: 20_000 });

      await handlers.kill();

      for (const outcome of [await pending, await looping]) {
        expect(outcome).toEqual({
          status: 'failed',
          cause: 'process',
          retriable: true,
          errorType: 'Runtime.ExitError',
          errorMessage: 'The handler process ended: signal: killed',
          stackTrace: [],
        });
      }
      expect(isRunning(pid)).toBe(false);
      expect(await resultOf(handlers, { do: 'tell-pid' })).not.toBe(pid);
      expect(handlers.logged).toEqual([]);
    });

    it('rejects a ready() that waits for it, and loads again at the next', async () => {
      const handlers = handlerProcess('echoes.handler', { node });
      const waiting = handlers.ready();
      waiting.catch(() => {});

      await handlers.kill();

      await expect(waiting).rejects.toMatchObject({ code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE' });
      await handlers.ready();
    });
  });

  it('ends an attempt that nobody has ended when the time of the function is over', async () => {
    const handlers = handlerProcess('mixed.handler', { node });
    await handlers.ready();
    const functionDeadlineMs = Date.now() + 50;

    expect(await handlers.run(attempt({ do: 'loop' }, { functionDeadlineMs }))).toMatchObject({
      status: 'failed',
      cause: 'process',
      errorType: 'Sandbox.Timedout',
    });
  });

  it('stands still when it is paused while it loads, until it is needed again', async () => {
    const handlers = handlerProcess('echoes.handler', { node });
    const first = handlers.ready();

    handlers.pause();
    // Longer than it takes to load.
    expect(await Promise.race([first, setTimeout(1_500, 'stands still')])).toBe('stands still');
    handlers.ready();

    await first;
    handlers.pause(); // Now it does not.
    expect(await handlers.run(attempt(1))).toMatchObject({ result: '1' });
  });

  it('reports each time whether it has loaded', async () => {
    const told: string[] = [];
    const tellsMore = {
      onLoaded: () => told.push('loaded'),
      onLoadFailed: ({ errorType }: HandlerLoadError) => told.push(errorType),
    };

    await handlerProcess('echoes.handler', { node, ...tellsMore }).ready();
    await handlerProcess('missing.handler', { node, ...tellsMore })
      .ready()
      .catch(() => {});

    expect(told).toEqual(['loaded', 'Runtime.ImportModuleError']);
  });

  it('takes nothing more after close()', async () => {
    const handlers = handlerProcess('mixed.handler', { node });
    const running = handlers.run(attempt({ do: 'never-settle' }));
    const pid = await resultOf(handlers, { do: 'tell-pid' });

    await handlers.close();

    expect(isRunning(pid)).toBe(false);
    expect(await running).toMatchObject({ status: 'failed' });
    await expect(handlers.ready()).rejects.toMatchObject({ errorType: 'Extension.ShuttingDown' });
    expect(await handlers.run(attempt({}))).toMatchObject({ errorType: 'Extension.ShuttingDown' });
  });
});

async function resultOf(handlers: ReturnType<typeof handlerProcess>, event: unknown) {
  return JSON.parse(resultIn(await handlers.run(attempt(event))));
}

function resultIn(outcome: Awaited<ReturnType<ReturnType<typeof handlerProcess>['run']>>): string {
  if (outcome.status === 'succeeded') return String(outcome.result);
  throw new Error(`${outcome.errorType}: ${outcome.errorMessage}`);
}

async function temporaryPath(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'async-http-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, name);
}
