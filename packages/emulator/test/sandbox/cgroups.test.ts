import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cpuLimitRefusal } from '../../src/index.ts';
import { fixture, start } from '../support/start.ts';

const HIERARCHIES = ['/sys/fs/cgroup', '/sys/fs/cgroup/cpu', '/sys/fs/cgroup/memory'];

async function groupsOf(pid: number | undefined): Promise<string[]> {
  const names = await Promise.all(
    HIERARCHIES.filter((path) => existsSync(path)).map((path) => readdir(path)),
  );
  return names.flat().filter((name) => name.startsWith(`async-http-emulator-${pid}-`));
}

/** The emulator in its own process. */
function emulatorProgram(options: object, user: { uid?: number } = {}) {
  const program = spawn(
    process.execPath,
    [
      '--conditions=@async-http/source',
      fixture('emulator-program.mjs'),
      JSON.stringify({
        code: fixture('functions/hello'),
        handler: 'index.handler',
        cpuCores: 1,
        ...options,
      }),
    ],
    { ...user, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => {
    program.kill('SIGKILL');
  });
  return program;
}

describe.runIf((await cpuLimitRefusal()) === undefined)('Control groups', () => {
  it('close() removes them', async () => {
    const lambda = await start({ cpuCores: 1 });
    await lambda.invoke({});
    expect(await groupsOf(process.pid)).not.toEqual([]);

    await lambda.close();

    expect(await groupsOf(process.pid)).toEqual([]);
  });

  it('those of an emulator that was killed are removed by the next one', async () => {
    const killed = emulatorProgram({});
    await once(killed.stdout, 'data');
    expect(await groupsOf(killed.pid)).not.toEqual([]);
    killed.kill('SIGKILL');
    await once(killed, 'close');

    // Its processes end with it, and may take a moment.
    await expect
      .poll(
        async () => {
          const next = emulatorProgram({});
          await once(next.stdout, 'data');
          next.kill('SIGTERM');
          await once(next, 'close');
          return groupsOf(killed.pid);
        },
        { timeout: 20_000 },
      )
      .toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('a machine that refuses them is an error', async () => {
    const NOBODY = 65_534;
    const program = emulatorProgram({}, { uid: NOBODY });

    const errors = await text(program.stderr);

    expect(errors).toContain('ASYNC_HTTP_EMULATOR_CPU_LIMIT_REFUSED');
    expect(errors).toContain('does not let the emulator limit the CPU of a function: EACCES');
  });
});
