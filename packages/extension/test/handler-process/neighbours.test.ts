import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

const DONE = { status: 'succeeded', result: '"done"' };

describe.each(NODE_PROGRAMS)(
  'a job beside one that ends the process, on Node.js $major',
  (node) => {
    it.each([
      [
        'throws where nobody catches',
        { do: 'throw-later' },
        { errorType: 'TypeError', errorMessage: 'thrown later' },
      ],
      [
        'calls process.exit()',
        { do: 'exit-later', code: 0 },
        {
          errorType: 'Runtime.ExitError',
          errorMessage: 'The handler process ended: exit status 0',
        },
      ],
    ])('runs again when that one %s', async (_, event, error) => {
      const { handlers, bystander } = await startBystander(node);

      const guilty = handlers.run(attempt(event));

      expect(await guilty).toMatchObject({ status: 'failed', cause: 'process', ...error });
      expect(await bystander).toEqual(DONE);
      expect(handlers.logged).toEqual([
        {
          level: 'warn',
          fields: { jobs: 1 },
          message: expect.stringContaining('The jobs that are not responsible run again'),
        },
      ]);
    });

    it('runs again when that one is killed', async () => {
      const { handlers, bystander } = await startBystander(node);
      const late = attempt({ do: 'loop' });
      const guilty = handlers.run(late);

      await handlers.kill(late.jobId);

      expect(await guilty).toMatchObject({ cause: 'process', errorType: 'Sandbox.Timedout' });
      expect(await bystander).toEqual(DONE);
    });

    it('runs alone when it is not known which one it was, and so finds who it was', async () => {
      const { handlers, bystander, folder } = await startBystander(node);
      const marker = join(folder, 'kills');

      const guilty = handlers.run(attempt({ do: 'kill-the-process', marker }));
      const later = handlers.run(attempt({ do: 'answer', answer: 'not in doubt' }));

      expect(await guilty).toMatchObject({
        errorMessage: 'The handler process ended: signal: killed',
      });
      expect(await bystander).toEqual(DONE);
      expect(await later).toMatchObject({ result: '"not in doubt"' });
      expect(readFileSync(marker, 'utf8')).toBe('xx');
      expect(handlers.logged[0]?.message).toContain('each of them runs again, alone');
    });

    it('is not run again when its own time is over as well', async () => {
      const loads: boolean[] = [];
      const handlers = handlerProcess('mixed.handler', { node, onLoaded: () => loads.push(true) });
      await handlers.ready();
      const late = [0, 1].map(() => attempt({ do: 'never-settle' }, { killAtMs: Date.now() }));
      const results = late.map((job) => handlers.run(job));

      await handlers.kill(late[0]?.jobId);

      const lost = { status: 'failed', errorType: 'Sandbox.Timedout' };
      expect(await Promise.all(results)).toMatchObject([lost, lost]);
      expect(loads).toHaveLength(1);
    });

    it('is not run again when it is killed too', async () => {
      const { handlers, bystander } = await startBystander(node);

      await handlers.kill();

      expect(await bystander).toMatchObject({ status: 'failed', cause: 'process' });
    });

    it('is found by its own error outside of any job’s code, if nothing else runs', async () => {
      const handlers = handlerProcess('fails-outside.handler', { node });

      expect(await handlers.run(attempt({}))).toMatchObject({ errorMessage: 'outside of any job' });
      expect(handlers.logged).toEqual([]);
    });

    it('loses no time to a job that is killed while it waits for the process', async () => {
      const handlers = handlerProcess('mixed.handler', { node });
      const waiting = attempt({ do: 'never-settle' });
      const killed = handlers.run(waiting);
      const other = handlers.run(attempt({ do: 'answer', answer: 1 }));

      await handlers.kill(waiting.jobId);

      expect(await killed).toMatchObject({ status: 'failed', errorType: 'Sandbox.Timedout' });
      expect(await other).toMatchObject({ result: '1' });
    });

    it('is not killed because of a job that has ended', async () => {
      const { handlers } = await startBystander(node);
      const ended = attempt({ do: 'tell-pid' });
      const first = await handlers.run(ended);

      await handlers.kill(ended.jobId);

      expect(await handlers.run(attempt({ do: 'tell-pid' }))).toEqual(first);
    });

    it('does not hear the signal of that one', async () => {
      const handlers = handlerProcess('mixed.handler', { node });
      const aborted = attempt({ do: 'wait-for-abort' });
      const other = attempt({ do: 'wait-for-abort' });
      const results = [handlers.run(aborted), handlers.run(other)];

      handlers.abort(aborted.jobId, 'shutdown');
      await results[0];
      handlers.abort(other.jobId, 'deadline');

      expect(await results[0]).toMatchObject({ result: expect.stringContaining('shutdown') });
      expect(await results[1]).toMatchObject({ result: expect.stringContaining('deadline') });
    });
  },
);

it('a job that two processes in a row have died under, because of others, runs alone', async () => {
  const handlers = handlerProcess('mixed.handler');
  const folder = await temporaryFolder();
  const markers = ['1', '2', '3'].map((name) => join(folder, name));
  const bystander = handlers.run(attempt({ do: 'note-each-run', markers }));
  for (const marker of markers.slice(0, 2)) {
    await vi.waitUntil(() => existsSync(marker), { timeout: 20_000 });
    await handlers.run(attempt({ do: 'throw-later' }));
  }
  await vi.waitUntil(() => existsSync(markers[2] ?? ''), { timeout: 20_000 });

  const third = handlers.run(attempt({ do: 'throw-later' }));

  expect(await bystander).toMatchObject({ result: '"ran alone"' });
  expect(await third).toMatchObject({ status: 'failed' });
});

/** A job that finishes only when it is run a second time, during its first run. */
async function startBystander(node: (typeof NODE_PROGRAMS)[number]) {
  const folder = await temporaryFolder();
  const marker = join(folder, 'begun');
  const handlers = handlerProcess('mixed.handler', { node });
  const bystander = handlers.run(attempt({ do: 'finish-when-run-again', marker }));
  await vi.waitUntil(() => existsSync(marker), { timeout: 20_000 });
  return { handlers, bystander, folder };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'async-http-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
