import { startListener } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../../src/index.ts';
import { runProgram } from '../run-program.ts';

describe('waitUntil', () => {
  it('runs what it is given outside Lambda, and says nothing of holds', async () => {
    const { output, exitCode } = await runProgram('waits-outside-lambda.mjs');

    for (const line of ['reply', 'true', 'function', 'promise']) {
      expect(output).toContain(`${line}\n`);
    }
    expect(output).toMatch(/^waitUntil: work of request r1 failed \(.*\): Error: refused$/m);
    expect(output).not.toContain('ASYNC_HTTP_NO_HOLD');
    expect(exitCode).toBe(0);
  });

  it.each([undefined, null, 'text', 7, {}])('refuses %j', (work) => {
    expect(() => waitUntil(work as never)).toThrow(TypeError);
  });

  it('keeps no process alive', async () => {
    const listener = startListener();
    const program = `import { waitUntil } from '@async-http/client'; waitUntil(new Promise(() => {}));`;

    const { exitCode } = await runProgram(program, {
      env: { ...listener.env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', _HANDLER: 'index.handler' },
    });

    expect(exitCode).toBe(0);
  });
});
