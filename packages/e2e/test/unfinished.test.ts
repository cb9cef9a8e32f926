import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fixture, invoke, ONE_RUNTIME, startFunction } from './support/start-function.ts';
import { startWaiting } from './support/wait-until.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/testing.md'), 'utf8');

describe.each(ONE_RUNTIME)('unfinished work on %s:', (runtime) => {
  it('the forgotten await of docs/testing.md is found with its line', async () => {
    const [, example = ''] = /```js\n(\/\/ src\/signup\.mjs\n.*?)```/s.exec(PAGE) ?? [];
    const [, what, at] = /unfinished: (.+), started \d+ ms ago at (\S+)/.exec(PAGE) ?? [];
    const code = mkdtempSync(join(tmpdir(), 'async-http-unfinished-'));
    onTestFinished(() => rmSync(code, { recursive: true }));
    writeFileSync(join(code, 'signup.mjs'), example);
    const lambda = await startFunction({
      runtime,
      code,
      handler: 'signup.handler',
      trackUnfinished: true,
    });

    await invoke(lambda, { email: 'ada@example.com' });

    expect(await lambda.unfinished()).toMatchObject([{ what, at }]);
  });

  it.each(['layer', 'npm alone, imported'] as const)(
    'there is none when waitUntil has waited for it, with %s',
    async (mode) => {
      const lambda = await startWaiting({ runtime, mode, trackUnfinished: true });

      for (let request = 0; request < 2; request += 1) {
        await invoke(lambda, { behaviour: 'waits', ms: 50 });
        expect(await lambda.unfinished()).toEqual([]);
      }
    },
  );

  it('there is none when it was handed off', async () => {
    const lambda = await startFunction({
      runtime,
      code: fixture('app'),
      trackUnfinished: true,
      environment: { ASYNC_HANDLER: 'jobs/slow.handler' },
    });

    for (let request = 0; request < 2; request += 1) {
      await invoke(lambda, { ms: 50 });
      expect(await lambda.unfinished()).toEqual([]);
    }
  });
});
