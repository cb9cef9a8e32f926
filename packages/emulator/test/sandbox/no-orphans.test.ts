import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LambdaOptions } from '../../src/index.ts';
import { folder } from '../support/layer.ts';
import { fixture, isolations, start } from '../support/start.ts';

/** Processes of this machine whose environment has the variable MARK with this value. */
async function findMarked(mark: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const variables = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return variables.includes(mark) ? [pid] : [];
    }),
  );
  return marked.flat();
}

async function untilNone(mark: string): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while ((await findMarked(mark)).length > 0 && Date.now() < giveUpAt) await delay(20);
  expect(await findMarked(mark)).toEqual([]);
}

/** The emulator in its own process; resolves when its function is frozen, or works. */
async function emulatorProgram(
  options: Partial<LambdaOptions> & { stayInInvoke?: boolean },
  temporary: string,
): Promise<ChildProcess> {
  const program = spawn(
    process.execPath,
    [
      '--conditions=@async-http/source',
      fixture('emulator-program.mjs'),
      JSON.stringify({ handler: 'index.handler', timeoutMs: 60_000, ...options }),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: temporary } },
  );
  onTestFinished(() => {
    program.kill('SIGKILL');
  });
  await once(program.stdout, 'data');
  return program;
}

describe.runIf(process.platform === 'linux').each(isolations)(
  'No process is left (%s)',
  (isolation) => {
    it('by close()', async () => {
      const MARK = randomUUID();
      const lambda = await start({
        isolation,
        code: fixture('functions/ticks'),
        layers: [fixture('layers/third-party')],
        environment: { MARK },
      });
      await lambda.invoke({});
      expect((await findMarked(MARK)).length).toBeGreaterThanOrEqual(3);

      await lambda.close();

      expect(await findMarked(MARK)).toEqual([]);
    });

    it('by a reset', async () => {
      const MARK = randomUUID();
      const lambda = await start({
        isolation,
        code: fixture('functions/ticks'),
        environment: { MARK },
      });
      await lambda.invoke({});
      await lambda.idle();
      await lambda.kill('runtime');
      await lambda.invoke({});
      await lambda.idle();

      await untilNone(MARK);
    });

    it.each([
      ['a frozen environment', { code: fixture('functions/ticks') }],
      ['a working one', { code: fixture('functions/outcomes'), stayInInvoke: true }],
    ])('by kill -9 of the emulator with %s, and no file', async (_, options) => {
      const MARK = randomUUID();
      const temporary = await folder({});
      const layers = [fixture('layers/third-party')];
      const program = await emulatorProgram(
        { isolation, layers, environment: { MARK }, ...options },
        temporary,
      );
      expect((await findMarked(MARK)).length).toBeGreaterThanOrEqual(2);
      expect(await readdir(temporary)).not.toEqual([]);

      program.kill('SIGKILL');

      await untilNone(MARK);
      const giveUpAt = Date.now() + 10_000;
      while ((await readdir(temporary)).length > 0 && Date.now() < giveUpAt) await delay(20);
      expect(await readdir(temporary)).toEqual([]);
    });
  },
);

describe('Files', () => {
  it('close() removes every one of its own', async () => {
    const before = new Set(await readdir(tmpdir()));
    const lambda = await start();
    await lambda.invoke({});

    await lambda.close();

    const own = (await readdir(tmpdir())).filter(
      (name) => name.startsWith('async-http-emulator-') && !before.has(name),
    );
    // Other test files run at the same time.
    expect(own.filter((name) => name.includes(`-${process.pid}-`))).toEqual([]);
  });
});
