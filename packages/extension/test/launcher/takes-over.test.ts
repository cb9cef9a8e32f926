import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LauncherOptions, startLauncher } from '../support/launcher.ts';

const ARN = 'arn:aws:sqs:eu-west-1:123456789012:jobs';
const NO_BASH: LauncherOptions = { bash: undefined, shell: { program: '/bin/sh', as: 'sh' } };

/** As the runtime does when the function has loaded. */
function connectRuntime({ api }: Awaited<ReturnType<typeof startLauncher>>): void {
  const socket = connect(api.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
}

describe('Node.js runs from the start', () => {
  it.each<[string, LauncherOptions]>([
    ['where hand-offs wait for a queue', { env: { ASYNC_HTTP_DELIVERY: ARN } }],
    [
      'on Managed Instances, which are never frozen',
      { env: { AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances' } },
    ],
    ['where bash is older than 5.0', { edit: (script) => script.replace('[0] < 5', '[0] < 99') }],
    ['where there is no bash', NO_BASH],
    ['where it is told so', { env: { _ASYNC_HTTP_LAUNCHER: 'off' } }],
    ['where no FIFO can be made', { prepare: (base) => mkdirSync(`${base}/async-http.bell`) }],
    [
      'where bash has no /dev/tcp',
      { edit: (script) => script.replaceAll('/dev/tcp/', '/dev/no/') },
    ],
  ])('%s; then it registers itself', async (_, options) => {
    const launcher = await startLauncher(options);

    const { pid, env } = await launcher.tookOver();

    expect(pid).toBe(launcher.pid);
    expect(env._ASYNC_HTTP_IDENTIFIER ?? '').toBe('');
    expect(launcher.api.calls).toEqual([]);
    expect(launcher.stderr).toBe('');
  });

  it('not because of an empty log, or of settings that mean this environment', async () => {
    const launcher = await startLauncher({
      env: { ASYNC_HTTP_DELIVERY: 'environment', AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' },
      prepare(base) {
        mkdirSync(`${base}/async-http`);
        writeFileSync(`${base}/async-http/log.1`, '');
      },
    });

    await launcher.announced();

    expect(launcher.hasTakenOver()).toBe(false);
  });
});

describe('Node.js takes over before the first request, registered already,', () => {
  it('for the consumer of a queue', async () => {
    const { tookOver } = await startLauncher({ handler: '/opt/proxy.consumer' });

    expect((await tookOver()).env).toMatchObject({
      _ASYNC_HTTP_IDENTIFIER: expect.stringMatching(/^.{36}$/),
      _ASYNC_HTTP_HANDLER: '/opt/proxy.consumer',
      _ASYNC_HTTP_HOLDS: '',
    });
  });

  it('when the function has loaded and no client has announced itself: it may be imported later', async () => {
    const launcher = await startLauncher();
    await launcher.api.registered;

    connectRuntime(launcher);

    const { event, lines } = await launcher.tookOver();
    expect(event).toBe(undefined);
    expect(lines).toEqual([]);
    expect(launcher.api.nexts).toBe(0);
  });

  it('when the client does not see the ends of requests', async () => {
    const launcher = await startLauncher();
    await launcher.api.registered;
    launcher.ring(`A 2 ${process.pid}.0 -`);

    connectRuntime(launcher);

    await launcher.tookOver();
    expect(launcher.api.nexts).toBe(0);
  });

  it('when the function is in another PID namespace, so that its death would not be seen', async () => {
    const launcher = await startLauncher();
    await launcher.api.registered;

    launcher.ring('A 2 4194304.0 sees-ends');

    expect((await launcher.tookOver()).lines).toEqual(['A 2 4194304.0 sees-ends']);
  });

  it('when it cannot see connections, and the function takes its time', async () => {
    const launcher = await startLauncher({
      edit: (script) => script.replaceAll('/proc/net/tcp', '/proc/net/none'),
    });
    await launcher.api.registered;

    await launcher.tookOver();

    expect(launcher.stderr).toBe('');
  });

  it('when a job is handed off while the function loads', async () => {
    const launcher = await startLauncher();
    await launcher.api.registered;

    launcher.ring(`A 2 ${process.pid}.0 -`, 'J 1 0 400 1.0 17 r1.1');

    expect((await launcher.tookOver()).lines).toEqual(['J 1 0 400 1.0 17 r1.1']);
  });

  it('when a client of another version announces itself', async () => {
    const launcher = await startLauncher();
    await launcher.api.registered;

    launcher.ring('A 7 1.0 sees-ends');

    expect((await launcher.tookOver()).lines).toEqual(['A 7 1.0 sees-ends']);
  });

  it('with the leases that were taken while the function loaded', async () => {
    const launcher = await startLauncher();
    await launcher.api.registered;
    launcher.ring(`A 2 ${process.pid}.0 -`, `L ${process.pid}.0 1`);

    connectRuntime(launcher);

    expect((await launcher.tookOver()).lines).toEqual([`L ${process.pid}.0 1`]);
  });
});

describe('the launcher stays', () => {
  it('when the client announces itself while the runtime connects, behind other lines', async () => {
    const launcher = await startLauncher();
    await launcher.api.registered;

    launcher.ring(
      `A 2 ${process.pid}.0 -`,
      `L ${process.pid}.0 1`,
      `L ${process.pid}.0 0`,
      `A 2 ${process.pid}.0 sees-ends`,
    );
    connectRuntime(launcher);

    await launcher.api.asked();
    expect(launcher.hasTakenOver()).toBe(false);
  });

  it('while other extensions connect, which wait for their first event before the function has loaded', async () => {
    const launcher = await startLauncher({ extensions: ['one', 'two'] });
    await launcher.api.registered;
    connectRuntime(launcher);
    connectRuntime(launcher);

    await launcher.announced();

    expect(launcher.hasTakenOver()).toBe(false);
  });

  it('and does not count folders beside it as extensions, which would have it wait', async () => {
    const launcher = await startLauncher({
      prepare: (base) => mkdirSync(`${base}/../opt/extensions/a folder`),
    });
    await launcher.api.registered;

    connectRuntime(launcher);

    await launcher.tookOver();
  });

  it("and leaves nothing of an earlier extension's refusals, and its FIFO in use", async () => {
    const launcher = await startLauncher({
      prepare(base) {
        mkdirSync(`${base}/async-http`);
        writeFileSync(`${base}/async-http/refusal`, '{}');
        symlinkSync('/dev/null', `${base}/async-http.bell`);
      },
    });
    await launcher.announced();

    launcher.api.invoke('r1');
    launcher.ring('E r1');

    await launcher.api.asked();
    expect(() => mkdirSync(`${launcher.state}/refusal`)).not.toThrow();
  });
});
