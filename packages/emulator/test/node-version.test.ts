import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { checkNodeVersion } from '../src/node-version.ts';

it.each(['22.19.0', '22.20.1', '24.0.0', '26.1.0'])('Node.js %s is new enough', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow();
});

it.each(['18.20.0', '20.20.2', '22.18.9'])('Node.js %s is too old', (version) => {
  expect(() => checkNodeVersion(version)).toThrow(
    expect.objectContaining({ code: 'ASYNC_HTTP_EMULATOR_NODE_TOO_OLD' }),
  );
});

it('startLambda() says so before it does anything else', async () => {
  const script = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });
    const { startLambda } = await import('${new URL('../src/index.ts', import.meta.url)}');
    console.log(await startLambda({}).catch((error) => error.code));`;

  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ]);

  expect(stdout.trim()).toBe('ASYNC_HTTP_EMULATOR_NODE_TOO_OLD');
});
