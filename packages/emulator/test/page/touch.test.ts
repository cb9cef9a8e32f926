import type { Browser, CDPSession, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { buildPage } from '../../src/page-file.ts';
import { blank, startBrowser } from './browser.ts';
import { pageServer } from './page-server.ts';
import { SHOP_MS, SHOP_PAYLOADS, shopRun } from './shop-run.ts';

/** A browser on a busy machine needs its time. */
const PATIENT = { timeout: 10_000 };

let browser: Browser;
let tab: Page;
let page: string;
let fingers: CDPSession;

beforeAll(async () => {
  [browser, page] = await Promise.all([startBrowser(), buildPage()]);
  const phone = await browser.newContext({ hasTouch: true, isMobile: true });
  tab = await phone.newPage();
  fingers = await phone.newCDPSession(tab);
  return () => browser.close();
});

/** The shop, on a phone. */
async function openPhone(hash: string): Promise<void> {
  const startedAt = Date.now() - SHOP_MS;
  const entries = shopRun(startedAt);
  const server = await pageServer({ page, entries, payloads: SHOP_PAYLOADS, startedAt });
  await blank(tab, { width: 400 });
  await tab.goto(server.url + hash);
  await tab.getByText('Live', { exact: true }).waitFor();
  await tab.locator('.pick').first().waitFor({ state: 'attached' });
}

const ticks = () => tab.locator('.tick').allInnerTexts();

/** Points on the chart, by their share of its time axis. */
async function pointsOf(...shares: readonly number[]) {
  await tab.locator('.chart').scrollIntoViewIfNeeded();
  const over = await tab.locator('.over').boundingBox();
  if (!over) throw new Error('no chart');
  return shares.map((share) => ({ x: over.x + over.width * share, y: over.y + 60 }));
}

const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: object[]) =>
  fingers.send('Input.dispatchTouchEvent', { type, touchPoints: touchPoints as [] });

it('a tap opens a request, and another one goes back', async () => {
  await openPhone('');

  await tab.getByRole('listbox', { name: 'Requests' }).getByRole('option').last().tap();
  await tab.getByRole('heading', { name: 'POST /orders' }).waitFor();

  await tab.getByRole('button', { name: '‹ List' }).tap();
  await tab.getByRole('listbox', { name: 'Requests' }).waitFor();
});

it('a finger that moves along the timeline zooms into it, and a double tap undoes that', async () => {
  await openPhone('#/requests/1');
  const before = await ticks();

  const along = await pointsOf(0.3, 0.4, 0.6, 0.8);
  for (const [index, point] of along.entries()) {
    await touch(index === 0 ? 'touchStart' : 'touchMove', [point]);
  }
  expect(await tab.locator('.selection').isVisible()).toBe(true);
  await touch('touchEnd', []);
  await expect.poll(ticks, PATIENT).not.toEqual(before);
  expect(await tab.locator('.cursor').count()).toBe(0);

  const [middle] = await pointsOf(0.5);
  // On a busy machine, the second tap may come too late to make one double tap of both.
  await expect
    .poll(async () => {
      await tab.touchscreen.tap(middle?.x ?? 0, middle?.y ?? 0);
      await tab.touchscreen.tap(middle?.x ?? 0, middle?.y ?? 0);
      return ticks();
    }, PATIENT)
    .toEqual(before);
});

it('a second finger does not zoom anywhere', async () => {
  await openPhone('#/requests/1');
  const before = await ticks();

  const [one, two, apart] = await pointsOf(0.4, 0.5, 0.9);
  await touch('touchStart', [{ ...one, id: 0 }]);
  await touch('touchStart', [
    { ...one, id: 0 },
    { ...two, id: 1 },
  ]);
  await touch('touchMove', [
    { ...one, id: 0 },
    { ...apart, id: 1 },
  ]);
  await touch('touchEnd', []);

  expect(await ticks()).toEqual(before);
});

it('a finger that moves up scrolls the page, over the timeline as well', async () => {
  await openPhone('#/requests/1');
  const before = await ticks();
  const top = () => tab.locator('.detail').evaluate(({ scrollTop }) => scrollTop);
  const [from] = await pointsOf(0.5);
  const scrolled = await top();

  for (const [index, up] of [0, 20, 80, 140, 200].entries()) {
    const point = { x: from?.x, y: (from?.y ?? 0) - up };
    await touch(index === 0 ? 'touchStart' : 'touchMove', [point]);
  }
  await touch('touchEnd', []);

  await expect.poll(top, PATIENT).toBeGreaterThan(scrolled + 100);
  expect(await ticks()).toEqual(before);
});

it('everything that can be tapped is at least 24 pixels high', async () => {
  await openPhone('#/requests/1');
  const small: string[] = [];
  for (const hash of ['#/requests', '#/requests/1', '#/environments']) {
    await tab.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    for (const button of await tab.locator('button:visible, select:visible, nav a').all()) {
      const box = await button.boundingBox();
      if (box && box.height < 24) small.push(`${hash} ${await button.innerText()} ${box.height}`);
    }
  }
  expect(small).toEqual([]);
});
