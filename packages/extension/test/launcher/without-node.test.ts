import { describe, expect, it } from 'vitest';
import { SHELLS, startLauncher } from '../support/launcher.ts';

const MESSAGE =
  'There is no Node.js here, so no job can be accepted and nothing is held; the function itself works. Use the layer with the runtimes nodejs22.x to nodejs26.x.';

describe.each(SHELLS)('where there is no Node.js, in $name,', ({ options }) => {
  it('the launcher stays registered, says so once, and the function works', async () => {
    const launcher = await startLauncher({ ...options, hasNode: false });
    await launcher.api.asked();

    launcher.api.shutdown();

    expect(await launcher.exited).toBe(0);
    const { stdout, stderr } = await launcher.output();
    // It is not asked to hold anything.
    expect(JSON.parse(launcher.api.calls[0]?.body ?? '')).toEqual({ events: ['SHUTDOWN'] });
    expect(stdout).toMatch(/^\S+Z\t-\tERROR\t\[async-http\] [^\n]*\n$/);
    expect(stdout).toContain(MESSAGE);
    expect(stderr).toBe('');
  });
});

it('a bash that is too old to hold is enough where there is nothing to hold', async () => {
  const launcher = await startLauncher({
    hasNode: false,
    edit: (script) => script.replace('[0] < 5', '[0] < 99'),
  });
  await launcher.api.asked();

  launcher.api.shutdown();

  expect(await launcher.exited).toBe(0);
});

it('where there is no bash either, it says what is wrong and fails', async () => {
  const launcher = await startLauncher({
    hasNode: false,
    bash: undefined,
    shell: { program: '/bin/sh', as: 'sh' },
  });

  const { stderr } = await launcher.output();

  expect(await launcher.exited).toBe(1);
  expect(stderr).toMatchInlineSnapshot(`
    "async-http: there is neither Node.js nor bash here, so the extension cannot start and INIT fails. Use the layer with the runtimes nodejs22.x to nodejs26.x.
    "
  `);
});
