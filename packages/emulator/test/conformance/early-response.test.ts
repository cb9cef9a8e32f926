import { describe, expect, it } from 'vitest';
import { fixture, oneRuntime, start } from '../support/start.ts';

const thirdParty = { layers: [fixture('layers/third-party')], environment: { WORK_MS: '300' } };

describe.each(oneRuntime)('an extension that works after the response (%s)', (runtime) => {
  it('does not delay the caller; the environment is frozen when the extension is done', async () => {
    const lambda = await start({ runtime, ...thirdParty });

    const result = await lambda.invoke({ name: 'you' });

    expect(JSON.parse(result.payload.toString())).toEqual({ hello: 'you' });
    expect(lambda.story()).not.toContain('invoke.end');
    await lambda.idle();
    expect(lambda.story()).toEqual([
      'environment.starting',
      'extension.registered',
      'extension.next',
      'init.done',
      'invoke.start',
      'response',
      'runtime.done',
      'extension.next',
      'invoke.end',
      'frozen',
    ]);
    const end = lambda.timeline.find(({ type }) => type === 'invoke.end');
    expect(end).toMatchObject({ status: 'success' });
    expect((end as { tailMs: number }).tailMs).toBeGreaterThan(290);
  });

  it('is thawed for the next invoke, and told when the environment ends', async () => {
    const lambda = await start({ runtime, ...thirdParty });
    await lambda.invoke({});
    await lambda.idle();

    const second = await lambda.invoke({});
    await lambda.shutdown('spindown');

    expect(lambda.story().filter((type) => type === 'environment.starting')).toHaveLength(1);
    const said = lambda.logs.filter(({ source }) => source === 'extension').map(({ line }) => line);
    expect(said).toContain(`tail-worker is done with ${second.requestId}`);
    expect(said.at(-1)).toBe('tail-worker stops: spindown');
  });
});
