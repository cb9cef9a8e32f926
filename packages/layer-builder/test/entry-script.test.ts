import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

describe('the entry script that Lambda starts', () => {
  it('becomes the extension, in the same process', async () => {
    const { pid, told } = await startExtension({});

    expect(told.pid).toBe(pid);
    expect(told.argv.map((path: string) => path.replace(/.*\/opt\//, ''))).toEqual([
      'async-http/extension.js',
    ]);
  });

  it("keeps the function's NODE_OPTIONS from the extension, and keeps them word for word", async () => {
    const options = '--require "/var/task/an agent.js"  --enable-source-maps';

    const { told } = await startExtension({ NODE_OPTIONS: options });

    expect(told.env.NODE_OPTIONS).toBeUndefined();
    expect(told.env._ASYNC_HTTP_NODE_OPTIONS).toBe(options);
  });

  it('passes nothing on when the function has no NODE_OPTIONS', async () => {
    const { told } = await startExtension({});

    expect(told.env).not.toHaveProperty('_ASYNC_HTTP_NODE_OPTIONS');
  });

  it('passes the other variables through', async () => {
    const { told } = await startExtension({ ASYNC_HANDLER: 'src/work.handler' });

    expect(told.env.ASYNC_HANDLER).toBe('src/work.handler');
  });

  it('says what is wrong on a runtime without Node.js', async () => {
    const { exitCode, stderr } = await startExtension({ PATH: '/nowhere' });

    expect(exitCode).toBe(1);
    expect(stderr).toMatchInlineSnapshot(`
      "async-http: there is no Node.js here, so the extension cannot start and INIT fails. Use the layer with the runtimes nodejs22.x and nodejs24.x only.
      "
    `);
  });
});

/** Starts the script as Lambda does, from /opt/extensions, before an extension that tells what it was given. */
async function startExtension(env: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'entry-script-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const script = join(root, 'opt/extensions/async-http');
  mkdirSync(join(root, 'opt/async-http'), { recursive: true });
  cpSync(fileURLToPath(new URL('../layer/extensions/async-http', import.meta.url)), script);
  chmodSync(script, 0o755);
  writeFileSync(
    join(root, 'opt/async-http/extension.js'),
    'console.log(JSON.stringify({ pid: process.pid, argv: process.argv.slice(1), env: process.env }))',
  );
  mkdirSync(join(root, 'bin'));
  symlinkSync(process.execPath, join(root, 'bin/node'));

  const extension = spawn(script, { env: { PATH: join(root, 'bin'), ...env }, stdio: 'pipe' });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(extension.stdout),
    text(extension.stderr),
    once(extension, 'exit'),
  ]);
  return { pid: extension.pid, exitCode, stderr, told: stdout && JSON.parse(stdout) };
}
