import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PageEntry } from '../../page/state/page-event.ts';
import { buildPage } from '../../src/page-file.ts';
import type { Payloads } from '../../src/recording/recording.ts';
import { blank, type Look, startBrowser } from './browser.ts';
import { type PageServer, pageServer } from './page-server.ts';
import { BAD_MESSAGE, FIRST_BATCH, GOOD_MESSAGE, QUEUE_MS, queueRun } from './queue-run.ts';
import { Script } from './script.ts';
import {
  ORDER,
  ORDERS_ENVIRONMENT,
  REPORT_ENVIRONMENT,
  SHOP_MS,
  SHOP_PAYLOADS,
  shopRun,
} from './shop-run.ts';

let browser: Browser;
let tab: Page;
let page: string;

beforeAll(async () => {
  [browser, page] = await Promise.all([startBrowser(), buildPage()]);
  tab = await browser.newPage();
  return () => browser.close();
});

interface Opened {
  readonly entries?: readonly PageEntry[];
  readonly payloads?: Readonly<Record<string, Payloads>>;
  readonly hash?: string;
  readonly look?: Look;
}

/** The live page of a run: by default, of the shop, which has run until now. */
async function openPage({ entries, payloads, hash = '', look }: Opened = {}): Promise<PageServer> {
  const startedAt = Date.now() - SHOP_MS;
  const server = await pageServer({
    page,
    entries: entries ?? shopRun(startedAt),
    payloads: payloads ?? SHOP_PAYLOADS,
    startedAt,
  });
  await blank(tab, look);
  await tab.goto(server.url + hash);
  await tab.getByText('Live', { exact: true }).waitFor();
  if (entries?.length !== 0) await tab.locator('.pick').first().waitFor({ state: 'attached' });
  return server;
}

const verdictText = async () =>
  (await tab.locator('.answer').allInnerTexts()).map((text) => text.replaceAll('\n', ' '));

/** A browser on a busy machine needs its time. */
const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: 10_000 });

const goTo = (hash: string) => tab.evaluate(`location.hash = ${JSON.stringify(hash)}`);

const optionsOf = (list: string) => tab.getByRole('listbox', { name: list }).getByRole('option');

it('is one file of at most 100 kB that asks nobody for anything', () => {
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(100_000);
  expect(page).not.toMatch(/(src|href)="?https?:/);
});

describe('before the first request', () => {
  it('says what to do, and which functions there are', async () => {
    await openPage({ entries: [] });
    await tab.getByText('Waiting for the first request').waitFor();
    expect(await tab.locator('pre').innerText()).toBe('curl http://127.0.0.1:3000');
    expect(await tab.getByRole('listitem').first().innerText()).toContain('orders');
  });

  it('shows the request as soon as it comes', async () => {
    const server = await openPage({ entries: [] });
    const at = Date.now();
    server.push({
      at,
      type: 'http.request',
      request: 1,
      method: 'GET',
      target: '/',
      functionName: 'orders',
    });
    await optionsOf('Requests').first().waitFor();
    await tab.getByText('The caller waits').waitFor();
  });
});

describe('a request', () => {
  it('says at first sight when the caller had the reply, what ran after it, and that it froze', async () => {
    await openPage({ hash: '#/requests/1' });
    expect(await verdictText()).toEqual([
      'The caller had the reply after 204 ms with 202, 114 ms of it cold start',
      'What ran after it 1.90 s 1 job, $15.87 per million at 512 MB',
      'The environment then Froze after 2 ms, for 3.89 s: the function and 1 extension had asked for the next event',
    ]);
  });

  it('that is the newest is shown by itself, and counts up while it runs', async () => {
    await openPage();
    const tail = tab.locator('.answer.tail .figure');
    const before = await tail.innerText();
    await soon(() => tail.innerText()).not.toBe(before);
    expect(await tab.locator('.answer.awake').innerText()).toContain(
      'has not asked for its next event',
    );
  });

  it('has lanes for the caller, the function, the extension and the job', async () => {
    await openPage({ hash: '#/requests/1' });
    const names = await tab.locator('.chart .lane-name').allInnerTexts();
    expect(names.map((name) => name.split('\n')[0])).toEqual([
      'orders·1',
      'caller',
      'function',
      'async-http',
      'job 1',
      'log lines',
    ]);
    await tab
      .getByRole('img', { name: 'Attempt 1: SmtpError: 421 try again later, 676 ms' })
      .waitFor();
  });

  it('is zoomed into by dragging, and only lines of that time are listed; a double click undoes it', async () => {
    await openPage({ hash: '#/requests/1' });
    const all = await optionsOf('Log lines').count();
    const over = await tab.locator('.over').boundingBox();
    if (!over) throw new Error('no chart');
    const y = over.y + 60;
    await tab.mouse.move(over.x + over.width * 0.6, y);
    await tab.mouse.down();
    await tab.mouse.move(over.x + over.width * 0.95, y, { steps: 4 });
    await tab.mouse.up();
    await soon(() => optionsOf('Log lines').count()).toBeLessThan(all);
    await tab.mouse.dblclick(over.x + 40, y);
    await soon(() => optionsOf('Log lines').count()).toBe(all);
  });

  it('stays when a newer one comes, once a person looks into it', async () => {
    const server = await openPage();
    await tab.keyboard.press('t');
    await tab.keyboard.press('+');
    server.push({
      at: Date.now(),
      type: 'http.request',
      request: 9,
      method: 'PUT',
      target: '/new',
    });
    await optionsOf('Requests').filter({ hasText: '/new' }).waitFor();
    expect(await tab.getByRole('heading', { level: 2 }).innerText()).toBe('GET /report');
    await tab.getByRole('button', { name: 'Follow the newest' }).click();
    await soon(() => tab.getByRole('heading', { level: 2 }).innerText()).toBe('PUT /new');
  });

  it('is zoomed with the keyboard', async () => {
    await openPage({ hash: '#/requests/1' });
    const ticks = () => tab.locator('.tick').allInnerTexts();
    const before = await ticks();
    await tab.keyboard.press('t');
    await tab.keyboard.press('+');
    await soon(ticks).not.toEqual(before);
    await tab.keyboard.press('0');
    await soon(ticks).toEqual(before);
  });

  it('shows its event and response as formatted JSON, and its REPORT figures', async () => {
    await openPage({ hash: '#/requests/1' });
    await tab.getByRole('tab', { name: 'Event' }).click();
    await soon(() => tab.locator('.payload pre').innerText()).toContain(
      '\n  "routeKey": "POST /orders",\n',
    );
    await tab.getByRole('tab', { name: 'Response' }).click();
    await soon(() => tab.locator('.payload pre').innerText()).toContain('"statusCode": 202');
    await tab.getByRole('tab', { name: 'Report' }).click();
    expect(await tab.locator('.figures').innerText()).toMatch(/Billed duration\s+2,103 ms/);
  });

  it('is found by what it logged', async () => {
    await openPage();
    await tab.keyboard.press('/');
    await tab.keyboard.type('smtperror');
    await soon(() => optionsOf('Requests').count()).toBe(1);
    expect(await optionsOf('Requests').innerText()).toContain('/orders');
  });

  it('is found by a filter', async () => {
    await openPage();
    await tab.getByRole('button', { name: 'cold', exact: true }).click();
    await soon(() => optionsOf('Requests').count()).toBe(2);
  });
});

describe('a batch of a queue', () => {
  const openQueue = (hash: string, look?: Look) =>
    openPage({
      entries: queueRun(Date.now() - QUEUE_MS),
      payloads: {},
      hash,
      ...(look && { look }),
    });

  it('lists its messages, and links to the batch in which one came back, and to the dead-letter queue', async () => {
    await openQueue('#/requests/1');
    await soon(() => optionsOf('Requests').first().innerText()).toMatch(
      /^queue\nJobs\n1 of 1 failed/,
    );
    expect(await tab.locator('.batch li').allInnerTexts()).toEqual(
      [`${GOOD_MESSAGE} done, deleted`, `${BAD_MESSAGE} failed, came back`].map((text) =>
        text.replace(' ', '\n'),
      ),
    );
    await tab.getByRole('link', { name: 'failed, came back' }).click();
    await tab.getByText('fetched for the 2nd time').waitFor();
    await tab.getByRole('link', { name: 'failed, went to DeadJobs' }).click();
    await tab.getByRole('heading', { name: 'DeadJobs' }).waitFor();
    await tab.getByRole('link', { name: 'queue Jobs' }).first().click();
    await tab.getByRole('heading', { name: 'queue Jobs' }).waitFor();
  });

  it('hands off a job that links to its record, and the record to the job', async () => {
    await openQueue(`#/jobs/${encodeURIComponent(`worker ${FIRST_BATCH}.1`)}`);
    await tab.getByRole('link', { name: 'FailedReports' }).click();
    await tab.getByRole('heading', { name: 'FailedReports' }).waitFor();
    expect(await tab.locator('.sentence').innerText()).toBe(
      'The record of job 1 of queue Jobs: RetriesExhausted.',
    );
    await tab.getByRole('link', { name: 'job 1 of queue Jobs' }).click();
    await tab.locator('.job-card').waitFor();
  });

  it('is the event that its job shows and sends again', async () => {
    const startedAt = Date.now() - QUEUE_MS;
    const entries = queueRun(startedAt).map(({ seq, event }) => ({
      seq,
      event: 'jobId' in event ? { ...event, requestId: 'of-another', during: FIRST_BATCH } : event,
    }));
    const text = '{"Records":[{"body":"a job"}]}';
    const server = await openPage({
      entries,
      payloads: { [FIRST_BATCH]: { event: { text, bytes: text.length, isCut: false } } },
      hash: '#/jobs',
    });
    await tab.getByRole('heading', { name: 'Event that started it' }).waitFor();
    await soon(() => tab.locator('.payload pre').innerText()).toContain('"body": "a job"');
    await tab.getByRole('link', { name: 'queue Jobs' }).waitFor();
    await tab.getByRole('button', { name: 'Send again' }).click();
    await soon(() => server.actions).toMatchObject([{ event: JSON.parse(text) }]);
  });

  it.each(['light', 'dark'] as const)('has no accessibility violation, %s', async (scheme) => {
    await openQueue('#/requests/1', { scheme });
    await tab.evaluate(axe.source);
    const found: unknown[] = [];
    for (const width of [1_280, 400]) {
      await tab.setViewportSize({ width, height: 860 });
      for (const hash of ['#/requests/1', '#/messages', '#/messages/1']) {
        await goTo(hash);
        await tab.locator('.detail h2').waitFor({ state: 'attached' });
        found.push(...(await tab.evaluate(violations)));
        expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    }
    expect(found).toEqual([]);
  });
});

describe('a job', () => {
  const hash = `#/jobs/${encodeURIComponent(`orders ${ORDER}.1`)}`;

  it('has its attempts with error and stack, and where its record went', async () => {
    await openPage({ hash });
    const card = await tab.locator('.job-card').innerText();
    expect(card).toContain('succeeded after 1.87 s, in 2 attempts');
    expect(card).toContain('SmtpError 421 try again later');
    expect(card).toContain('src/mail.ts:18:11');
    expect(card).toContain('arn:aws:sqs:us-east-1:123456789012:confirmations');
  });

  it('is sent again with the event of its request', async () => {
    const server = await openPage({ hash });
    await tab.getByRole('button', { name: 'Send again' }).click();
    await tab.getByText('Sent again.').waitFor();
    expect(server.actions).toEqual([
      {
        action: 'invoke',
        functionName: 'orders',
        event: JSON.parse(SHOP_PAYLOADS[ORDER]?.event?.text ?? ''),
      },
    ]);
  });

  it('is sent with an edited event, once that is JSON', async () => {
    const server = await openPage({ hash });
    await tab.getByRole('button', { name: 'Edit and send' }).click();
    const text = tab.getByRole('textbox', { name: 'Event, as JSON' });
    await text.fill('{"edited":');
    expect(await tab.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await text.fill('{"edited":true}');
    await tab.getByRole('button', { name: 'Send', exact: true }).click();
    await tab.getByText('Sent.').waitFor();
    expect(server.actions).toMatchObject([{ event: { edited: true } }]);
  });

  it('is copied as curl', async () => {
    await openPage({ hash });
    await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.getByRole('button', { name: 'Copy as curl' }).click();
    await tab.getByText('Copied.').waitFor();
    expect(await tab.evaluate<string>('navigator.clipboard.readText()')).toMatch(
      /^curl --globoff --request POST /,
    );
  });
});

describe('an environment', () => {
  const awake = `#/environments/${REPORT_ENVIRONMENT}`;

  it('says why it is awake', async () => {
    await openPage({ hash: awake });
    const why = await tab.locator('.why').innerText();
    expect(why).toContain('Extension async-http has not asked for its next event');
    expect(why).toContain('Job 1 of GET /report runs, attempt 1');
  });

  it('shows which promises are open when a person asks', async () => {
    const server = await openPage({ hash: awake });
    const at = { functionName: 'report', environmentId: REPORT_ENVIRONMENT };

    await tab.getByRole('button', { name: 'Which promises are open?' }).click();
    await soon(() => server.actions).toEqual([{ action: 'show-pending', ...at }]);
    const work = [
      { id: 1, kind: 'promise', what: 'save()', at: 'src/report.ts:12:3', ageMs: 900 },
    ] as const;
    server.push({ at: Date.now(), ...at, type: 'pending', work: [...work] });

    await soon(() => tab.locator('.why').innerText()).toMatch(
      /Pending in the function at .*\s+save\(\), started at src\/report\.ts:12:3/,
    );
  });

  it('says that it is frozen, and what that means', async () => {
    await openPage({ hash: `#/environments/${ORDERS_ENVIRONMENT}` });
    expect(await tab.locator('.why').innerText()).toMatch(/^Frozen for /);
  });

  it('does what a person asks for', async () => {
    const server = await openPage({ hash: awake });
    const at = { functionName: 'report', environmentId: REPORT_ENVIRONMENT };
    await tab.getByLabel('Reason').selectOption('failure');
    for (const name of [
      'Freeze',
      'Kill the runtime',
      'Kill async-http',
      'Shut down',
      'Fail the next attempt',
      'Delay the next attempt',
      'Take the destination down',
    ]) {
      await tab.getByRole('button', { name }).click();
    }
    await soon(() => server.actions).toEqual([
      { action: 'freeze', ...at },
      { action: 'kill', ...at, process: 'runtime' },
      { action: 'kill', ...at, process: { extension: 'async-http' } },
      { action: 'shutdown', ...at, reason: 'failure' },
      { action: 'fail-next-attempt', ...at },
      { action: 'delay-next-attempt', ...at, delayMs: 5_000 },
      { action: 'destination-down', isDown: true },
    ]);
  });

  it('that is frozen is thawed', async () => {
    const server = await openPage({ hash: `#/environments/${ORDERS_ENVIRONMENT}` });
    await tab.getByRole('button', { name: 'Thaw' }).click();
    await tab.getByText('Thawed.').waitFor();
    expect(server.actions).toMatchObject([{ action: 'thaw', environmentId: ORDERS_ENVIRONMENT }]);
  });

  it('has a flag on the timeline for what a person did', async () => {
    const server = await openPage();
    server.push({
      at: Date.now(),
      type: 'action',
      functionName: 'report',
      environmentId: REPORT_ENVIRONMENT,
      text: 'kill the runtime',
    });
    await tab.locator('.flag', { hasText: 'kill the runtime' }).waitFor();
  });
});

describe('what was lost', () => {
  it('is one sentence, with the line that started it', async () => {
    await openPage({ hash: '#/lost' });
    expect(await tab.locator('.sentence').innerText()).toContain(
      'at src/api.ts:41:3 was frozen 3 ms after the reply. It resumed 40.0 s later, in request #3, and failed',
    );
  });

  it('is seen on the timeline of its request, with the 40 s that it was frozen', async () => {
    await openPage({ hash: '#/requests/2' });
    await tab.getByRole('button', { name: 'Show on the timeline' }).click();
    const frozen = tab.getByRole('img', { name: /frozen in the middle, 40\.0 s$/ });
    const [bar, chart] = [await frozen.boundingBox(), await tab.locator('.over').boundingBox()];
    expect((bar?.width ?? 0) / (chart?.width ?? 1)).toBeGreaterThan(0.8);
  });
});

describe('the connection', () => {
  it('that is lost says so, comes back, and catches up', async () => {
    const server = await openPage();
    await server.down();
    await tab.getByText('Connection lost. Trying again').waitFor();
    server.push({
      at: Date.now(),
      type: 'http.request',
      request: 9,
      method: 'PUT',
      target: '/while-away',
    });
    await server.up();
    await tab.getByText('Live', { exact: true }).waitFor();
    await optionsOf('Requests').filter({ hasText: '/while-away' }).waitFor();
    expect(await optionsOf('Requests').count()).toBe(5);
  });

  it('an action that is refused says why', async () => {
    const server = await openPage({ hash: `#/environments/${REPORT_ENVIRONMENT}` });
    server.refuseNext('The environment is frozen already. Thaw it first.');
    await tab.getByRole('button', { name: 'Freeze' }).click();
    await tab.getByText('The environment is frozen already. Thaw it first.').waitFor();
  });
});

describe('a recording', () => {
  it('shows the same without a server, and is scrubbed through', async () => {
    const server = await openPage();
    await tab.goto(`${server.url}recording.html#/requests`);
    await server.close();
    await soon(() => optionsOf('Requests').count()).toBe(4);
    await tab.getByRole('slider').fill('1000');
    await soon(() => optionsOf('Requests').count()).toBe(1);
    expect(await tab.locator('.answer.awake .figure').innerText()).toContain('Awake');
    await tab.getByRole('tab', { name: 'Event' }).click();
    await soon(() => tab.locator('.payload pre').innerText()).toContain('POST /orders');
    expect(await tab.getByRole('button', { name: 'Send again' }).count()).toBe(0);
    await tab.getByRole('slider').fill(String(SHOP_MS));
    await soon(() => optionsOf('Requests').count()).toBe(4);
  });

  it('is downloaded with a link', async () => {
    await openPage();
    expect(await tab.getByRole('link', { name: 'Download recording' }).getAttribute('href')).toBe(
      'recording.html',
    );
  });
});

describe('the keyboard alone', () => {
  it('reaches every view, the list, and the help', async () => {
    await openPage();
    await tab.keyboard.press('2');
    await tab.getByRole('listbox', { name: 'Jobs' }).waitFor();
    await tab.keyboard.press('1');
    await tab.keyboard.press('j');
    await soon(() => tab.getByRole('heading', { level: 2 }).innerText()).toContain('/orders/1042');
    await tab.keyboard.press('n');
    await soon(() => tab.getByRole('heading', { level: 2 }).innerText()).toContain('/report');
    await tab.keyboard.press('?');
    await tab.getByRole('dialog', { name: 'Keys and colours' }).waitFor();
    await tab.keyboard.press('Escape');
    expect(await tab.getByRole('dialog').count()).toBe(0);
  });

  it('moves in the list when it has the focus, which can be seen', async () => {
    await openPage();
    while (!(await tab.evaluate("document.activeElement.matches('.pick-list')"))) {
      await tab.keyboard.press('Tab');
    }
    expect(await tab.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe(
      'solid',
    );
    await tab.keyboard.press('End');
    await soon(() => tab.getByRole('heading', { level: 2 }).innerText()).toBe('POST /orders');
  });
});

describe('every view', () => {
  const hashes = ['#/requests/2', '#/jobs', '#/environments', '#/lost'];

  it.each(['light', 'dark'] as const)('has no accessibility violation, %s', async (scheme) => {
    await openPage({ look: { scheme } });
    await tab.evaluate(axe.source);
    const found: unknown[] = [];
    for (const width of [1_280, 400]) {
      await tab.setViewportSize({ width, height: 860 });
      for (const hash of hashes) {
        await goTo(hash);
        await tab.locator('.pick-list').waitFor({ state: 'attached' });
        found.push(...(await tab.evaluate(violations)));
      }
    }
    await tab.keyboard.press('?');
    found.push(...(await tab.evaluate(violations)));
    expect(found).toEqual([]);
  });

  it('fits into 400 pixels: the names of all views', async () => {
    await openPage({ look: { width: 400 } });
    const [nav, last] = await Promise.all([
      tab.locator('nav').boundingBox(),
      tab.getByRole('link', { name: 'Messages' }).boundingBox(),
    ]);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(
      (nav?.x ?? 0) + (nav?.width ?? 0),
    );
  });

  it.each([1_280, 400])('shows how long the caller waited, in %d pixels', async (width) => {
    // Without a tail, the bar of the caller ends near that of the axis.
    await openPage({ hash: '#/requests/2', look: { width } });
    const label = tab.locator('.bar-label').first();
    const [box, track] = await Promise.all([
      label.boundingBox(),
      tab.locator('.over').boundingBox(),
    ]);
    expect(await label.innerText()).toBe('22 ms');
    expect(box?.x ?? 0).toBeGreaterThan(track?.x ?? 0);
    const end = (track?.x ?? 0) + (track?.width ?? 0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(end);
  });

  it('fits into 400 pixels: the list, then what is chosen, and back', async () => {
    await openPage({ look: { width: 400 } });
    await optionsOf('Requests').last().click();
    await tab.getByRole('heading', { name: 'POST /orders' }).waitFor();
    for (const hash of hashes) {
      await goTo(hash);
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(400);
    }
    await goTo('#/requests/1');
    await tab.getByRole('button', { name: '‹ List' }).click();
    await optionsOf('Requests').first().waitFor();
  });

  it('moves nothing for people who want less motion', async () => {
    await openPage();
    await tab.locator('.answer.moving').first().waitFor();
    expect(await tab.evaluate('document.getAnimations().length')).toBe(0);
    await tab.emulateMedia({ reducedMotion: 'no-preference' });
    await soon(() => tab.evaluate('document.getAnimations().length')).not.toBe(0);
  });
});

describe.runIf(process.env.UPDATE_DOCS)('the pictures of the README', () => {
  it.each([
    ['timeline', '#/requests/1'],
    ['unfinished', '#/requests/2'],
  ])('%s', async (name, hash) => {
    for (const scheme of ['light', 'dark'] as const) {
      await openPage({ hash, look: { scheme } });
      await tab.locator('.actions button:enabled').first().waitFor();
      const show = tab.getByRole('button', { name: 'Show on the timeline' });
      if (await show.isVisible()) await show.click();
      await tab.setViewportSize({ width: 1_280, height: 770 });
      const path = join(import.meta.dirname, `../../images/${name}-${scheme}.png`);
      await tab.screenshot({ path });
    }
  });
});

/** Runs in the page, which has axe. */
async function violations(): Promise<unknown[]> {
  const inPage = globalThis as unknown as { axe: typeof axe };
  const result = await inPage.axe.run();
  return result.violations.map(({ id, nodes }) => [
    id,
    nodes.map(({ html }) => html.slice(0, 200)),
  ]);
}

it('hostile content is text', async () => {
  const hostile = `</script><script>window.hurt=1</script><img src=x onerror="window.hurt=1"><b>'"&`;
  const script = new Script(Date.now() - 1_000);
  const on = script.environment(hostile, hostile);
  const number = script.http(0, hostile, hostile, hostile);
  on(1, { type: 'environment.starting', cause: 'request' });
  on(2, { type: 'extension.registered', name: hostile, events: ['INVOKE', hostile] });
  on(3, { type: 'init.done', durationMs: 2 });
  on(4, { type: 'invoke.start', requestId: hostile });
  on(5, { type: 'log', source: 'function', requestId: hostile, line: hostile });
  on(6, { type: 'response', requestId: hostile, durationMs: 1, bytes: 1, functionError: hostile });
  script.replied(7, number, 200, 7, hostile);
  on(8, { type: 'job.accepted', jobId: hostile, requestId: hostile });
  on(9, { type: 'job.attempt', jobId: hostile, requestId: hostile, attempt: 1 });
  const error = { type: hostile, message: hostile, stack: hostile };
  on(10, { type: 'job.retry', jobId: hostile, requestId: hostile, attempt: 1, error });
  on(11, { type: 'crash', process: hostile, errorType: hostile });
  const work = { id: 1, kind: 'promise', what: hostile, at: hostile, stack: hostile } as const;
  on(12, { type: 'unfinished', work: [{ ...work, requestId: hostile, ageMs: 1 }] });
  on(13, { type: 'shutdown.start', reason: hostile });
  const payload = { text: hostile, bytes: hostile.length, isCut: false };
  const server = await openPage({
    entries: script.entries,
    payloads: { [encodeURIComponent(hostile)]: { event: payload, response: payload } },
  });
  for (const url of [server.url, `${server.url}recording.html`]) {
    await tab.goto(url);
    await tab.getByRole('tab', { name: 'Event' }).click();
    for (const view of ['2', '3', '4', '1']) {
      await tab.keyboard.press(view);
      await tab.getByText('<img src=x').first().waitFor();
    }
    expect(await tab.evaluate('"hurt" in window')).toBe(false);
    expect(await tab.locator('img').count()).toBe(0);
  }
});

describe('10,000 requests with 100,000 lines', () => {
  it('are listed within seconds, with few elements, to the last one', async () => {
    const startedAt = Date.now() - 100_000;
    const script = new Script(startedAt);
    const on = script.environment('orders', 'e1');
    script.coldStart('orders', 'e1', 0, 30);
    for (let index = 0; index < 10_000; index += 1) {
      const at = 40 + index * 9;
      const requestId = `r${index}`;
      const number = script.http(at, 'GET', `/orders/${index}`, 'orders');
      on(at, { type: 'invoke.start', requestId });
      for (let line = 0; line < 10; line += 1) {
        on(at + 1, { type: 'log', source: 'function', requestId, line: `line ${line}` });
      }
      on(at + 5, { type: 'response', requestId, durationMs: 5, bytes: 1 });
      script.replied(at + 5, number, 200, 5, requestId);
      on(at + 6, { type: 'invoke.end', requestId, durationMs: 6, tailMs: 1, status: 'success' });
    }
    const server = await pageServer({ page, entries: script.entries, startedAt });
    await blank(tab);
    await tab.goto(`${server.url}recording.html`);
    await tab.getByText('10,000 requests').waitFor();
    const list = tab.getByRole('listbox', { name: 'Requests' });
    await list.focus();
    await tab.keyboard.press('End');
    await soon(() => tab.getByRole('heading', { level: 2 }).innerText()).toBe('GET /orders/0');
    expect(await tab.evaluate("document.querySelectorAll('*').length")).toBeLessThan(1_500);
  });
});
