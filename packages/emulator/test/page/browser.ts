import chromium from '@sparticuz/chromium';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

/** A browser whose program is in an npm package. */
export async function startBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  });
}

export interface Look {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
}

/** Resets the tab, as a new one would be; the test fails when the page logs an error or asks another host for something. */
export async function blank(tab: Page, look: Look = {}): Promise<void> {
  const { scheme = 'light', width = 1_280 } = look;
  await tab.goto('about:blank');
  await tab.setViewportSize({ width, height: 860 });
  // Without a graphics card, what moves takes most of a core.
  await tab.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  const problems: string[] = [];
  const onConsole = (message: { type(): string; text(): string }) => {
    if (message.type() === 'error') problems.push(message.text());
  };
  const onError = ({ message }: Error) => problems.push(message);
  const onRequest = (request: { url(): string }) => {
    const { protocol, hostname } = new URL(request.url());
    const isOurs =
      hostname === '127.0.0.1' || ['about:', 'data:', 'file:', 'blob:'].includes(protocol);
    if (!isOurs) problems.push(`asked for ${request.url()}`);
  };
  tab.on('console', onConsole).on('pageerror', onError).on('request', onRequest);
  onTestFinished(async () => {
    tab.off('console', onConsole).off('pageerror', onError).off('request', onRequest);
    await tab.goto('about:blank');
    // What the browser itself says about a connection that a test has cut.
    expect(problems.filter((text) => !/^Failed to load resource: net::/.test(text))).toEqual([]);
  });
}
