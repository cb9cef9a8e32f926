import { describe, expect, it } from 'vitest';
import { viewOf } from '../../page/state/add-entry.ts';
import { lostSentence } from '../../page/state/lost-sentence.ts';
import { verdict } from '../../page/state/verdict.ts';
import type { View } from '../../page/state/view.ts';
import { whyAwake } from '../../page/state/why-awake.ts';
import { Script } from './script.ts';
import { REPORT_ENVIRONMENT, SHOP_MS, shopRun } from './shop-run.ts';

const START = 1_000_000;
const NOW = START + SHOP_MS;

function answersOf(view: View, index: number, now = NOW): string[] {
  const row = view.rows[index];
  return row ? verdict(view, row, now).map(({ figure, text }) => `${figure}: ${text}`) : [];
}

function reasonsOf(script: Script): string[] {
  const view = viewOf(script.entries);
  const environment = view.environments.get('e1');
  return environment ? whyAwake(view, environment).map(({ text }) => text) : [];
}

describe('the verdict on a request', () => {
  const view = viewOf(shopRun(START));

  it('says when the caller had the reply, what ran after it, and that the environment froze', () => {
    expect(answersOf(view, 0)).toEqual([
      '204 ms: with 202, 114 ms of it cold start',
      '1.90 s: 1 job, $15.87 per million at 512 MB',
      'Froze: after 2 ms, for 3.89 s: the function and 1 extension had asked for the next event',
    ]);
  });

  it('says why the environment is awake while work runs', () => {
    expect(answersOf(view, 3)[2]).toBe(
      'Awake: Extension async-http has not asked for its next event; 1 more reason',
    );
  });

  it('says that a person froze it in the middle of its work, and that the work continues after a thaw', () => {
    const script = new Script(START);
    script.coldStart('orders', 'e1', 0, 100);
    const on = script.environment('orders', 'e1');
    on(101, { type: 'invoke.start', requestId: 'r' });
    on(110, { type: 'response', requestId: 'r', durationMs: 9, bytes: 1 });
    on(120, { type: 'frozen' });
    expect(answersOf(viewOf(script.entries), 0)[2]).toMatch(
      /: by hand, in the middle of its work$/,
    );
    on(130, { type: 'thawed' });
    const thawed = viewOf(script.entries);
    expect(thawed.environments.get('e1')?.phases.at(-1)?.kind).toBe('tail');
  });

  it('says that the caller waits while there is no reply', () => {
    const until = shopRun(START).filter(({ event }) => event.at < START + 150);
    const [reply] = answersOf(viewOf(until), 0, START + 150);
    expect(reply).toBe('150 ms: no reply yet, 114 ms of it cold start');
  });
});

describe('an environment is awake', () => {
  it('in INIT, because an extension is not ready', () => {
    const script = new Script(START);
    const on = script.environment('orders', 'e1');
    on(0, { type: 'environment.starting', cause: 'request' });
    on(5, { type: 'extension.registered', name: 'slow', events: ['INVOKE'] });
    expect(reasonsOf(script)).toEqual(['Extension slow is not ready yet']);
  });

  it('because the function has not replied, and because an extension works', () => {
    const script = new Script(START);
    script.coldStart('orders', 'e1', 0, 100);
    script.environment('orders', 'e1')(101, { type: 'invoke.start', requestId: 'r' });
    expect(reasonsOf(script)).toEqual([
      'The function has not replied yet',
      'Extension async-http has not asked for its next event',
    ]);
  });

  it('because a job waits for its next attempt', () => {
    const script = new Script(START);
    script.environment('orders', 'e1')(0, {
      type: 'job.retry',
      jobId: 'r.1',
      attempt: 1,
      error: { type: 'Error', message: 'no' },
      nextAttemptInMs: 5_000,
    });
    expect(reasonsOf(script)).toEqual(['Job r.1 waits 5.00 s for its next attempt']);
  });

  it('for no reason once it is frozen', () => {
    const script = new Script(START);
    script.coldStart('orders', 'e1', 0, 100);
    script.environment('orders', 'e1')(101, { type: 'frozen' });
    expect(reasonsOf(script)).toEqual([]);
  });

  it('with the line of code that is still pending since the last freeze', () => {
    const view = viewOf(shopRun(START).filter(({ event }) => event.type !== 'resumed'));
    const environment = [...view.environments.values()][0];
    environment?.phases.push({ kind: 'reply', from: NOW });
    const reasons = environment ? whyAwake(view, environment) : [];
    expect(reasons).toContainEqual(expect.objectContaining({ at: 'src/api.ts:41:3' }));
  });

  it('in the report of the shop, because its job runs', () => {
    const view = viewOf(shopRun(START));
    const environment = view.environments.get(REPORT_ENVIRONMENT);
    const reasons = environment ? whyAwake(view, environment).map(({ text }) => text) : [];
    expect(reasons.at(-1)).toBe('Job 1 of GET /report runs, attempt 1');
  });
});

describe('what was lost', () => {
  it('is told in one sentence: where, when it froze, when it resumed, and what came of it', () => {
    const view = viewOf(shopRun(START));
    const [lost] = view.lost.values();
    expect(lost && lostSentence(view, lost)).toBe(
      'fetch POST https://metrics.example/track at src/api.ts:41:3 was frozen 3 ms after the reply. ' +
        'It resumed 40.0 s later, in request #3, and failed: read ECONNRESET, its socket was dead.',
    );
  });

  it('says that it has not resumed yet', () => {
    const view = viewOf(shopRun(START).filter(({ event }) => event.type !== 'resumed'));
    const [lost] = view.lost.values();
    expect(lost && lostSentence(view, lost)).toMatch(/ It has not resumed\.$/);
  });

  it.each([
    [
      { outcome: 'finished', inShutdown: true },
      'It resumed 5.00 s later, in the SHUTDOWN phase, and finished.',
    ],
    [
      { outcome: 'unknown' },
      'It resumed 5.00 s later, but its process ended before it could be seen what became of it.',
    ],
  ] as const)('says what became of it at the end of its environment: %o', (end, sentence) => {
    const script = new Script(START);
    const on = script.environment('orders', 'e1');
    on(1_000, {
      type: 'unfinished',
      work: [{ id: 7, kind: 'promise', what: 'flush()', ageMs: 100 }],
    });
    on(6_100, { type: 'resumed', work: [{ id: 7, what: 'flush()', frozenMs: 5_000, ...end }] });
    const view = viewOf(script.entries);
    const [lost] = view.lost.values();
    expect(lost && lostSentence(view, lost)).toContain(sentence);
  });

  it('begins where it first froze, when it is still pending at a later freeze', () => {
    const script = new Script(START);
    const on = script.environment('orders', 'e1');
    const work = { id: 7, kind: 'timer', what: 'setInterval 1,000 ms' } as const;
    on(1_000, { type: 'unfinished', work: [{ ...work, ageMs: 100 }] });
    on(9_000, { type: 'unfinished', work: [{ ...work, ageMs: 8_100 }] });
    const [lost] = viewOf(script.entries).lost.values();
    expect(lost).toMatchObject({ startedAt: START + 900, frozenAt: START + 1_000 });
  });
});

describe('on Managed Instances', () => {
  /** Two requests at once. */
  function run(untilMs: number): View {
    const script = new Script(START);
    const on = script.environment('orders', 'e1');
    on(0, { type: 'environment.starting', cause: 'request' });
    on(100, { type: 'init.done', durationMs: 100 });
    on(110, { type: 'invoke.start', requestId: 'a' });
    on(150, { type: 'invoke.start', requestId: 'b' });
    on(200, { type: 'response', requestId: 'a', durationMs: 90, bytes: 1 });
    on(201, { type: 'invoke.end', requestId: 'a', durationMs: 91, tailMs: 1, status: 'success' });
    on(400, { type: 'response', requestId: 'b', durationMs: 250, bytes: 1 });
    on(401, { type: 'invoke.end', requestId: 'b', durationMs: 251, tailMs: 1, status: 'success' });
    const view = viewOf(script.entries.filter(({ event }) => event.at <= START + untilMs));
    const orders = { name: 'orders', memoryMiB: 2_048, timeoutMs: 3_000, runtime: 'nodejs24.x' };
    view.functions.set('orders', { ...orders, isManagedInstances: true });
    return view;
  }

  it('an environment serves as long as one caller waits, with the number of its requests', () => {
    const phases = run(500).environments.get('e1')?.phases ?? [];
    expect(phases.map(({ kind, from, requests }) => [kind, from - START, requests])).toEqual([
      ['init', 0, undefined],
      ['idle', 100, undefined],
      ['reply', 110, undefined],
      ['reply', 150, 2],
      ['reply', 201, undefined],
      ['tail', 400, undefined],
      ['idle', 401, undefined],
    ]);
  });

  it('it is awake because it is never frozen, and a tail has no price', () => {
    expect(answersOf(run(300), 0, START + 300).slice(1)).toEqual([
      '1 ms: on Managed Instances, no request is billed',
      'Awake: On Managed Instances, an environment is never frozen; 1 request in work',
    ]);
    expect(answersOf(run(500), 0, START + 9_000)[2]).toBe(
      'Awake: On Managed Instances, an environment is never frozen',
    );
    const view = run(500);
    const environment = view.environments.get('e1');
    expect(environment && whyAwake(view, environment).map(({ text }) => text)).toEqual([
      'On Managed Instances, an environment is never frozen',
    ]);
  });
});
