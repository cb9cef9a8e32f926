import { describe, expect, it } from 'vitest';
import { folder } from '../support/layer.ts';
import { ExtensionPuppet, requestIdOf, stage } from '../support/puppets.ts';
import { firstLogs, fixture, hasNamespaces, runtimes, start } from '../support/start.ts';

const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());

describe('Lifecycle: INIT', () => {
  it('has 10 s, whatever the function timeout; then it is tried again in the time of the invoke', async () => {
    // Enough for the extension to start a second time on a busy machine.
    const { lambda, extension } = await stage({ extensions: ['silent'], timeoutMs: 4_000 });

    const result = await lambda.invoke({});

    expect(parse(result)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    const failed = lambda.timeline.find(({ type }) => type === 'init.failed');
    const [first, second] = lambda.timeline.filter(({ type }) => type === 'environment.starting');
    expect((failed?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(9_990);
    expect(second).toMatchObject({ cause: 'reset' });
    await lambda.line(/^INIT_REPORT Init Duration: 1\d{4}\.\d\d ms\tPhase: init\tStatus: timeout$/);
    await extension('silent', 2);
  });

  it('ends when the runtime and every registered extension have asked for their first event', async () => {
    const { lambda, extension, runtime } = await stage({ extensions: ['first'], runtime: true });
    lambda.invoke({}).catch(() => {});
    const first = await extension('first');
    await first.register([]);
    void (await runtime()).next().catch(() => {});

    expect(lambda.story()).not.toContain('init.done');
    void first.next().catch(() => {});

    await lambda.until(({ type }) => type === 'init.done');
  });

  it('a failed suppressed init is part of the Duration of its invoke', async () => {
    const layer = await folder({ 'extensions/ends': '#!/bin/sh\nsleep 0.3\nexit 1\n' });
    const lambda = await start({ layers: [layer] });

    await lambda.invoke({});

    const [, duration] = await lambda.line(/^REPORT .*\tDuration: ([\d.]+) ms/);
    expect(Number(duration)).toBeGreaterThanOrEqual(300);
  });
});

describe('Lifecycle: SHUTDOWN', () => {
  /** An environment with puppets that has served one invoke. */
  async function frozen({ events = ['INVOKE', 'SHUTDOWN'], internal = false } = {}) {
    const play = await stage({ extensions: internal ? [] : ['first'], runtime: true });
    const result = play.lambda.invoke({});
    const first = internal ? undefined : await play.extension('first');
    await first?.register(events);
    let event = first?.next();
    const runtime = await play.runtime();
    const inside = new ExtensionPuppet('inside', runtime);
    if (internal) {
      await inside.register(['INVOKE']);
      event = inside.next();
    }
    await runtime.serve();
    await result;
    runtime.next().catch(() => {});
    if (events.includes('INVOKE')) {
      await event;
      event = (first ?? inside).next();
    }
    event?.catch(() => {});
    await play.lambda.idle();
    return { ...play, first, event };
  }

  const shutdownMs = ({ timeline }: { timeline: readonly { type: string; at: number }[] }) => {
    const at = (name: string) => timeline.findLast(({ type }) => type === name)?.at ?? 0;
    return at('shutdown.done') - at('shutdown.start');
  };

  it('with external extensions: the runtime gets SIGTERM and up to 300 ms, then the extensions the event, 2 s in all', async () => {
    const { lambda, event } = await frozen();

    const over = lambda.shutdown('failure');
    const { json } = (await event) ?? {};
    const eventAt = Date.now();
    await over;

    expect(json).toMatchObject({ eventType: 'SHUTDOWN', shutdownReason: 'failure' });
    expect(lambda.logs.map(({ line }) => line)).toContain('SIGTERM');
    // The puppet ignores SIGTERM, so the runtime's share was used up before.
    expect(json.deadlineMs - eventAt).toBeLessThanOrEqual(1_700);
    // Nor does it end at the event: SIGKILL at the end of the window.
    expect(shutdownMs(lambda)).toBeGreaterThanOrEqual(1_990);
  });

  it('ends as soon as every extension has', async () => {
    const { lambda, event, first } = await frozen();

    const over = lambda.shutdown();
    await event;
    await first?.process.exit(0);
    await over;

    expect(shutdownMs(lambda)).toBeLessThan(1_990);
  });

  it('extensions that did not ask for SHUTDOWN are killed without notice', async () => {
    const { lambda, event } = await frozen({ events: ['INVOKE'] });

    await lambda.shutdown();

    await expect(event).rejects.toThrow();
    expect(shutdownMs(lambda)).toBeLessThan(1_990);
  });

  it('with internal extensions only: 500 ms, all of them for the runtime', async () => {
    const { lambda } = await frozen({ internal: true });

    await lambda.shutdown();

    expect(lambda.logs.map(({ line }) => line)).toContain('SIGTERM');
    expect(shutdownMs(lambda)).toBeGreaterThanOrEqual(490);
  });

  it('without extensions: SIGKILL at once, no SIGTERM', async () => {
    const { lambda, runtime } = await stage({ runtime: true });
    const result = lambda.invoke({});
    const process = await runtime();
    await process.serve();
    await result;
    process.next().catch(() => {});
    await lambda.idle();

    await lambda.shutdown();

    expect(lambda.logs.map(({ line }) => line)).not.toContain('SIGTERM');
  });

  it('is only ever the answer to next: a busy extension that asks in time still gets it', async () => {
    const { lambda, extension, runtime } = await stage({
      extensions: ['first'],
      runtime: true,
      timeoutMs: 1_000,
    });
    const result = lambda.invoke({});
    const first = await extension('first');
    await first.register();
    const event = first.next();
    const process = await runtime();
    const request = await process.next();
    await event;
    await result;
    // Timed out: SHUTDOWN has begun, and nobody has told the extension.
    await lambda.until(({ type }) => type === 'shutdown.start');

    const { json } = await first.next();

    expect(json).toMatchObject({ eventType: 'SHUTDOWN', shutdownReason: 'timeout' });
    expect(requestIdOf(request)).toBe((await result).requestId);
  });
});

describe.runIf(hasNamespaces)(
  'Lifecycle: reset, where environments have their own file system',
  () => {
    // localstack@8b9a79f, test_lambda_invoke_timed_out_environment_reuse, recorded 2024-04-08.
    it.each(
      runtimes.flatMap((runtime) => ['exit', 'timeout'].map((end) => [end, runtime] as const)),
    )('keeps /tmp after %s; another environment has its own (%s)', async (end, runtime) => {
      const code = await folder({
        'index.mjs': `
        import { existsSync, writeFileSync } from 'node:fs';
        export const handler = async ({ outcome }) => {
          const hadFile = existsSync('/tmp/mark');
          writeFileSync('/tmp/mark', '');
          if (outcome === 'exit') process.exit(1);
          if (outcome === 'timeout') await new Promise((resolve) => setTimeout(resolve, 60_000));
          return { hadFile };
        };`,
      });
      const lambda = await start({ code, runtime, timeoutMs: 3_000 });
      expect(parse(await lambda.invoke({}))).toEqual({ hadFile: false });
      await lambda.invoke({ outcome: end });
      await lambda.idle();

      expect(parse(await lambda.invoke({}))).toEqual({ hadFile: true });

      await lambda.shutdown();
      expect(parse(await lambda.invoke({}))).toEqual({ hadFile: false });
    });
  },
);

describe('Lifecycle: log lines', () => {
  it('START, END and REPORT as Lambda prints them, with the figures of this run', async () => {
    const lambda = await start({ code: fixture('functions/outcomes'), memoryMiB: 256 });
    const { requestId } = await lambda.invoke({ outcome: 'wait', ms: 50 });
    await lambda.idle();
    await lambda.invoke({});
    await lambda.idle();

    const lines = lambda.logs
      .slice(firstLogs.length)
      .filter(({ source }) => source === 'platform')
      .map(({ line }) => line.replaceAll(requestId, '<id>'));

    expect(lines[0]).toBe('START RequestId: <id> Version: $LATEST');
    expect(lines[1]).toBe('END RequestId: <id>');
    const report =
      /^REPORT RequestId: <id>\tDuration: ([\d.]+) ms\tBilled Duration: (\d+) ms\tMemory Size: 256 MB\tMax Memory Used: (\d+) MB\tInit Duration: ([\d.]+) ms\t$/;
    const [, duration, billed, memory, init] = (report.exec(lines[2] ?? '') ?? []).map(Number);
    expect(duration).toBeGreaterThanOrEqual(50);
    // Rounded up from figures that are themselves rounded in the line.
    const exact = (duration ?? 0) + (init ?? 0);
    expect(billed).toBeGreaterThan(exact - 0.02);
    expect(billed).toBeLessThan(exact + 1.02);
    expect(memory).toBeGreaterThan(10);
    // Init Duration belongs to the first invoke only.
    expect(lines.at(-1)).toMatch(/^REPORT .*Max Memory Used: \d+ MB\t$/);
  });
});
