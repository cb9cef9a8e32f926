import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { end, SHELLS, startIdleProcess, startLauncher } from '../support/launcher.ts';

const JOB = 'J 1 0 400 1.0 17 r1.1';

describe.each(SHELLS)('the launcher, in $name,', ({ options }) => {
  it('registers, holds each request until its end is rung, and starts no Node.js for that', async () => {
    const launcher = await startLauncher(options);
    const { api } = launcher;
    expect(JSON.parse((await api.registered).body)).toEqual({ events: ['INVOKE', 'SHUTDOWN'] });
    await launcher.announced();

    for (const id of ['r1', 'r2', 'r3']) {
      api.invoke(id);
      launcher.ring(`E ${id}`);
      await api.asked();
    }
    api.shutdown();

    expect(await launcher.exited).toBe(0);
    expect(api.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /2020-01-01/extension/register',
      ...Array.from({ length: 4 }, () => 'GET /2020-01-01/extension/event/next'),
    ]);
    expect(launcher.hasTakenOver()).toBe(false);
    expect([launcher.stdout, launcher.stderr]).toEqual(['', '']);
  });

  it("holds no longer than that where a variable of the function has a name of the launcher's", async () => {
    const launcher = await startLauncher({ ...options, env: { lease: '30', is_job: 'yes' } });
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 60_000);

    launcher.ring('E r1');

    await launcher.api.asked();
    expect(launcher.hasTakenOver()).toBe(false);
  });

  it.each([
    { SHELLOPTS: 'errexit' },
    { SHELLOPTS: 'nounset' },
    { BASHOPTS: 'failglob' },
    { FUNCNEST: '1' },
  ])("is not bound by the function's options for shells: %j", async (env) => {
    const launcher = await startLauncher({ ...options, env });
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 60_000);
    launcher.ring(`L ${process.pid}.0 1`, `L ${process.pid}.0 0`, 'E r1');
    await launcher.api.asked();
    launcher.api.invoke('r2', Date.now() + 60_000);

    launcher.ring(JOB.replace('r1.1', 'r2.1'), 'E r2');

    const { lines, env: passedOn } = await launcher.tookOver();
    expect(lines).toContain('E r2');
    expect(passedOn.FUNCNEST).toBe(env.FUNCNEST);
    expect(launcher.stderr).toBe('');
  });

  it('leaves everything to Node.js when a job was handed off and the reply is out, and ends with it', async () => {
    const launcher = await startLauncher(options);
    await launcher.announced();
    launcher.api.invoke('r1', 1_900_000_000_000);

    launcher.ring(JOB, 'E r1');

    const { pid, program, env, event, lines, owed, left } = await launcher.tookOver();
    expect(program).toMatch(/\/opt\/extensions\/\.\.\/async-http\/extension\.js$/);
    expect(lines).toEqual([`A 2 ${process.pid}.0 sees-ends`, JOB, 'E r1']);
    expect([owed, left]).toEqual([[], []]);
    expect(event).toMatchObject({
      eventType: 'INVOKE',
      requestId: 'r1',
      deadlineMs: 1_900_000_000_000,
    });
    expect(env).toMatchObject({
      _ASYNC_HTTP_IDENTIFIER: '9f6fe5c0-9a4a-4d4e-8e3d-6a5a5b6b0b0e',
      _ASYNC_HTTP_HANDLER: 'index.handler',
      _ASYNC_HTTP_BELL: '9',
      _ASYNC_HTTP_HOLDS: 'yes',
    });
    expect(launcher.stderr).toBe('');
    process.kill(pid, 'SIGKILL');
    expect(await launcher.exited).toBe(128 + constants.signals.SIGKILL);
  });

  it('hears a request that ended before its INVOKE came', async () => {
    const launcher = await startLauncher(options);
    await launcher.announced();
    launcher.ring('E r1');

    launcher.api.invoke('r1');

    await launcher.api.asked();
  });

  it('holds for leases of several processes, until each is given back or its process has died', async () => {
    const launcher = await startLauncher(options);
    const other = await startIdleProcess();
    mkdirSync(launcher.state);
    await launcher.announced();
    launcher.api.invoke('r1', 1_900_000_000_000);
    launcher.ring(`L ${process.pid}.0 1`, `L ${other.pid}.0 1`, 'E r1');
    const deadline = () =>
      readFileSync(`${launcher.state}/deadline`, { encoding: 'utf8', flag: 'a+' });
    await expect.poll(deadline).toBe('r1 1900000000000');

    launcher.ring(`L ${process.pid}.0 0`);
    await launcher.heard();
    expect(launcher.api.isAsked).toBe(false);
    await end(other);

    await launcher.api.asked();
    expect(launcher.hasTakenOver()).toBe(false);
  });

  it('asks for the next event when the process of the function has died, since SHUTDOWN is the answer to it', async () => {
    const launcher = await startLauncher(options);
    const main = await startIdleProcess();
    await launcher.announced(main.pid);
    launcher.api.invoke('r1');
    launcher.ring(`L ${main.pid}.0 1`);

    await end(main);

    await launcher.api.asked();
    launcher.api.shutdown('failure');
    expect(await launcher.exited).toBe(0);
  });

  it('keeps what a function has handed off that then dies', async () => {
    const launcher = await startLauncher(options);
    const main = await startIdleProcess();
    await launcher.announced(main.pid);
    launcher.api.invoke('r1');

    launcher.ring(JOB);
    await end(main);
    await launcher.api.asked();
    launcher.api.shutdown('failure');

    expect((await launcher.tookOver()).lines).toContain(JOB);
  });

  it('ends a hold shortly before its deadline, says so, and takes what is heard later for what it is', async () => {
    const launcher = await startLauncher(options);
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 700);
    launcher.ring(`L ${process.pid}.0 1`);
    await launcher.api.asked();

    // Lambda repeats it; the first run ends only now.
    launcher.api.invoke('r1');
    launcher.ring('E r1');
    await launcher.heard();
    expect(launcher.api.isAsked).toBe(false);
    launcher.ring('E r1');

    await launcher.api.asked();
    expect(launcher.stdout).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\tr1\tWARN\t\[async-http\] The function, or work of waitUntil, was still running when the hold had to end\.\n$/,
    );
  });

  it('tells Node.js whose end is still to be heard', async () => {
    const launcher = await startLauncher(options);
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 300);
    await launcher.api.asked();
    launcher.api.invoke('r2');

    launcher.ring(JOB, 'E r2');

    const { owed, lines } = await launcher.tookOver();
    expect(owed).toEqual(['r1']);
    expect(lines.at(-1)).toBe('E r2');
  });

  it('holds on while Node.js loads, which stands still when the hold ends and loads on behind the next reply', async () => {
    const launcher = await startLauncher({ ...options, lateNode: true });
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 700);
    launcher.ring(JOB, 'E r1');
    const node = await launcher.nodeStarted();
    await launcher.api.asked();
    await expect.poll(() => isStopped(node)).toBe(true);
    expect(launcher.stdout).toContain(
      'WARN\t[async-http] Node.js had not loaded in time, so the job starts with the next request.',
    );

    launcher.api.invoke('r2');
    await launcher.heard();
    await expect.poll(() => isStopped(node)).toBe(true);
    launcher.ring('E r2');
    launcher.nodeLoads();

    const { event, lines, owed } = await launcher.tookOver();
    expect(event).toMatchObject({ requestId: 'r2' });
    expect(lines).toEqual([`A 2 ${process.pid}.0 sees-ends`, JOB, 'E r2']);
    expect(owed).toEqual([]);
  });

  it('names each job that Node.js could not record when the environment ends, and leaves it in its log', async () => {
    const launcher = await startLauncher({ ...options, lateNode: true });
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 700);
    launcher.ring(JOB, 'E r1');
    await launcher.api.asked();

    launcher.api.shutdown();

    expect(await launcher.exited).toBe(0);
    expect(launcher.stdout).toMatch(
      /\tERROR\t\[async-http\] The job was accepted and has not begun: .* \{"jobId":"r1\.1"\}\n$/,
    );
  });

  it('ends with an error when Node.js ends before it has loaded', async () => {
    const launcher = await startLauncher({ ...options, lateNode: true });
    await launcher.announced();
    launcher.api.invoke('r1');
    launcher.ring(JOB, 'E r1');

    process.kill(await launcher.nodeStarted(), 'SIGKILL');

    expect(await launcher.exited).toBe(1);
    expect(launcher.stdout).toContain('ERROR\t[async-http] Node.js ended with status 137');
  });

  it.each(['log.1', 'retired.7'])(
    'has Node.js see to %s, which an earlier extension has left, behind the next reply',
    async (name) => {
      const launcher = await startLauncher({
        ...options,
        prepare(base) {
          mkdirSync(`${base}/async-http`);
          writeFileSync(`${base}/async-http/${name}`, 'something');
        },
      });
      await launcher.announced();
      launcher.api.invoke('r1');
      await launcher.heard();
      expect(launcher.hasTakenOver()).toBe(false);

      launcher.ring('E r1');

      const { left, lines } = await launcher.tookOver();
      expect(left).toEqual([name]);
      expect(lines.at(-1)).toBe('E r1');
    },
  );

  it('has a job recorded that comes too late for its request, when the environment ends', async () => {
    const launcher = await startLauncher(options);
    await launcher.announced();
    launcher.api.invoke('r1');
    launcher.ring('E r1');
    await launcher.api.asked();

    launcher.ring(JOB);
    launcher.api.shutdown();

    const { event, lines } = await launcher.tookOver();
    expect(event?.eventType).toBe('SHUTDOWN');
    expect(lines).toEqual([`A 2 ${process.pid}.0 sees-ends`, JOB]);
  });

  it('has a job recorded whose function died before it rang the bell', async () => {
    const launcher = await startLauncher(options);
    const main = await startIdleProcess();
    await launcher.announced(main.pid);
    launcher.api.invoke('r1');
    mkdirSync(launcher.state);
    writeFileSync(`${launcher.state}/log.1`, 'a job');

    main.kill('SIGKILL');
    await launcher.api.asked();
    launcher.api.shutdown('failure');

    expect((await launcher.tookOver()).event?.eventType).toBe('SHUTDOWN');
  });

  it('loses none of 2,000 hand-offs that come before Node.js runs', async () => {
    const launcher = await startLauncher(options);
    await launcher.announced();
    launcher.api.invoke('r1');
    const jobs = Array.from({ length: 2_000 }, (_, n) => `J 1 ${n * 400} 400 1.0 17 r1.${n}`);

    for (const job of jobs) await ringWhenThereIsRoom(launcher, job);
    await ringWhenThereIsRoom(launcher, 'E r1');

    const { lines } = await launcher.tookOver();
    const all = () => [...lines.slice(1), ...launcher.readByNode()];
    while (all().at(-1) !== 'E r1') await setImmediate();
    expect(all()).toEqual([...jobs, 'E r1']);
  });

  it.each([
    'r$(touch$IFS$TMPDIR/harm)',
    'r`touch$IFS$TMPDIR/harm`',
    'a[$(touch$IFS$TMPDIR/harm)]',
    "];'&|<>?#!~{}",
    '@',
    '*',
  ])('takes the id %s for what it is', async (id) => {
    const launcher = await startLauncher(options);
    await launcher.announced();
    launcher.api.invoke('other');
    // Of another request, which does not end this one.
    launcher.ring(`E ${id}`);
    await launcher.heard();
    expect(launcher.api.isAsked).toBe(false);
    launcher.ring('E other');
    await launcher.api.asked();
    launcher.api.invoke(id, Date.now() + 300);
    await launcher.api.asked();

    launcher.api.invoke('last');
    launcher.ring(`J 1 0 400 1.0 17 ${id}`, 'E last');

    const { owed, lines } = await launcher.tookOver();
    expect(lines).toContain(`J 1 0 400 1.0 17 ${id}`);
    expect(owed).toEqual([id]);
    expect(existsSync(`${launcher.base}/harm`)).toBe(false);
    expect(launcher.stderr).toBe('');
  });
});

describe('the launcher', () => {
  it('hears every line that comes when its time to wait is over', async () => {
    const launcher = await startLauncher({
      lateNode: true,
      // Or else that is rare.
      edit: (script) => script.replace('&& wait_ms=50', '&& wait_ms=2'),
    });
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 60_000);
    launcher.ring(JOB, 'E r1');
    const jobs = Array.from({ length: 2_000 }, (_, n) => `J 1 ${n * 400} 400 1.0 17 r1.${n}`);

    for (const job of jobs) {
      await ringWhenThereIsRoom(launcher, job);
      await setTimeout(Math.random() * 4);
    }
    launcher.nodeLoads();

    const { lines } = await launcher.tookOver();
    expect(lines.filter((line) => line.startsWith('J'))).toEqual([JOB, ...jobs]);
  });

  it('leaves what is not rung by a client to Node.js, cut', async () => {
    const launcher = await startLauncher();
    await launcher.announced();
    launcher.api.invoke('r1');

    launcher.ring('x'.repeat(50_000), 'E ', 'E two words', 'E r1');

    const { lines } = await launcher.tookOver();
    expect(lines).toEqual([
      `A 2 ${process.pid}.0 sees-ends`,
      'x'.repeat(1_000),
      'E ',
      'E two words',
      'E r1',
    ]);
  });

  it('takes only the first process that sees ends for the function, and keeps no other announcement', async () => {
    const launcher = await startLauncher();
    const other = await startIdleProcess();
    await launcher.announced();
    launcher.api.invoke('r1');
    for (let n = 0; n < 200; n += 1) launcher.ring(`A 2 ${other.pid}.${n} -`);
    launcher.ring(`A 2 ${other.pid}.0 sees-ends`);
    await launcher.heard();
    await end(other);
    await launcher.heard();
    expect(launcher.api.isAsked).toBe(false);

    launcher.ring(JOB, 'E r1');

    expect((await launcher.tookOver()).lines).toEqual([
      `A 2 ${process.pid}.0 sees-ends`,
      JOB,
      'E r1',
    ]);
  });

  it('writes its lines as JSON where the function does', async () => {
    const launcher = await startLauncher({ env: { AWS_LAMBDA_LOG_FORMAT: 'JSON' } });
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 300);
    await launcher.api.asked();

    expect(JSON.parse(launcher.stdout)).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'WARN',
      requestId: 'r1',
      message: expect.stringMatching(/^\[async-http\] The function, or work of waitUntil,/),
    });
  });

  it('writes no WARN line where AWS_LAMBDA_LOG_LEVEL is ERROR', async () => {
    const launcher = await startLauncher({ env: { AWS_LAMBDA_LOG_LEVEL: 'error' } });
    await launcher.announced();
    launcher.api.invoke('r1', Date.now() + 300);
    await launcher.api.asked();

    expect(launcher.stdout).toBe('');
  });
});

function isStopped(pid: number): boolean {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') T ');
}

type Launcher = Awaited<ReturnType<typeof startLauncher>>;

async function ringWhenThereIsRoom(launcher: Launcher, line: string): Promise<void> {
  while (true) {
    try {
      launcher.ring(line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await setImmediate();
    }
  }
}
