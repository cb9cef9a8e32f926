import { readFile } from 'node:fs/promises';
import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';
import { Client } from 'undici';
import { now } from '../clock.ts';
import type { Figure, Stand } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { startDevServer } from '../setup/dev-server.ts';
import { makeService } from '../setup/project.ts';

/** In a sample: the kernel counts CPU in steps of 10 ms. */
const REQUESTS = 100;
const TICK_MS = 10;
/** For a browser on a busy machine. */
const PATIENT_MS = 120_000;

interface Sample {
  /** Of `dev` itself: not of functions, not of the browser. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
}

/** The cost of an open timeline page. */
export const emulatorPage: readonly Figure[] = [
  {
    name: 'emulator-page-cpu',
    title: 'emulator: CPU of `dev` for a request while somebody looks at its page',
    unit: 'ms',
    measure: (stand) => compare(stand, ({ cpuMs }) => cpuMs),
  },
  {
    name: 'emulator-page-time',
    title: 'emulator: time of a request while somebody looks at the page of `dev`',
    unit: 'ms',
    measure: (stand) => compare(stand, ({ elapsedMs }) => elapsedMs),
  },
];

async function compare(stand: Stand, read: (sample: Sample) => number) {
  const server = startDevServer(await makeService(stand, 1));
  stand.onEnd(() => server.stop());
  const [url, timelineUrl] = await Promise.all([server.url, server.timelineUrl]);
  const tab = await openTab(stand);
  let sent = 0;
  const sample = async () => {
    sent += REQUESTS;
    return read(await sendRequests(url, server.pid));
  };
  const samples = await interleave(
    { rounds: stand.rounds(15), warmUp: 2 },
    {
      looked: async () => {
        await tab.goto(timelineUrl);
        await tab.getByText('Live', { exact: true }).waitFor();
        // Catching up with the earlier samples is not measured.
        if (sent > 0) await tab.getByText(`${sent.toLocaleString('en-US')} requests`).waitFor();
        return sample();
      },
      alone: async () => {
        await tab.goto('about:blank');
        return sample();
      },
    },
  );
  const what = `${REQUESTS} requests, one after the other`;
  return {
    ours: { what: `1 page open in a browser, ${what}`, samples: samples.looked },
    limit: { what: `0 pages open, ${what}`, samples: samples.alone },
  };
}

async function openTab(stand: Stand): Promise<Page> {
  const executablePath = await chromium.executablePath();
  const browser = await playwright.launch({ executablePath, args: chromium.args, headless: true });
  stand.onEnd(() => browser.close());
  const tab = await browser.newPage({ viewport: { width: 1_280, height: 860 } });
  tab.setDefaultTimeout(PATIENT_MS);
  // Without a graphics card, what moves takes most of a core.
  await tab.emulateMedia({ reducedMotion: 'reduce' });
  return tab;
}

/** For one of them. */
async function sendRequests(url: string, pid: number): Promise<Sample> {
  const client = new Client(url);
  const [cpuBefore, startedAt] = [await cpuMs(pid), now()];
  for (let sent = 0; sent < REQUESTS; sent += 1) {
    const { body } = await client.request({ method: 'GET', path: '/0' });
    await body.text();
  }
  const elapsedMs = (now() - startedAt) / REQUESTS;
  const used = (await cpuMs(pid)) - cpuBefore;
  await client.close();
  return { cpuMs: used / REQUESTS, elapsedMs };
}

/** Of a process, since its start. @see proc_pid_stat(5): utime and stime */
async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name before it may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
