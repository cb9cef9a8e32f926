import { describe, expect, it } from 'vitest';
import { viewOf } from '../../page/state/add-entry.ts';
import { curlCommand } from '../../page/state/curl.ts';
import { filterRows } from '../../page/state/filter-rows.ts';
import { seconds } from '../../page/state/format.ts';
import { lanesOf } from '../../page/state/lanes.ts';
import { payloadText } from '../../page/state/payload-text.ts';
import { reportFigures } from '../../page/state/report-figures.ts';
import { readRoute } from '../../page/state/route.ts';
import { tailCostPerMillion } from '../../page/state/tail-cost.ts';
import { leftBehindRange, moved, ticks, zoomed } from '../../page/state/time-range.ts';
import { LOOKUP, SHOP_MS, SHOP_PAYLOADS, shopRun } from './shop-run.ts';

const START = 1_000_000;
const NOW = START + SHOP_MS;
const view = viewOf(shopRun(START));
const [order, lookup] = view.rows;
if (!order || !lookup) throw new Error('the run has no requests');

describe('the list', () => {
  const found = (filter: 'all' | 'cold' | 'running' | 'jobs', text: string) =>
    filterRows(view, filter, text).map(({ exchange }) => exchange?.number);

  it('has the newest first', () => expect(found('all', '')).toEqual([4, 3, 2, 1]));
  it('filters cold starts', () => expect(found('cold', '')).toEqual([4, 1]));
  it('filters what runs', () => expect(found('running', '')).toEqual([4]));
  it('finds words of the path in any order', () =>
    expect(found('all', 'customer ORDERS')).toEqual([3, 2]));
  it('finds what a request logged', () => expect(found('all', '421 try')).toEqual([1]));
  it('finds an environment', () => expect(found('jobs', 'report·1')).toEqual([4]));
});

describe('the lanes of a request', () => {
  it('are those of the caller, the function, each extension and each job', () => {
    const lanes = lanesOf(view, order, NOW);
    expect(lanes.map(({ name }) => name)).toEqual(['caller', 'function', 'async-http', 'job 1']);
    expect(lanes[3]?.bars.map(({ tone }) => tone)).toEqual(['pause', 'bad', 'pause', 'good']);
  });

  it('show on the real-time axis what was frozen in the middle, up to where it resumed', () => {
    const lane = lanesOf(view, lookup, NOW).at(-1);
    expect(lane?.bars.map(({ tone, from, to }) => [tone, from - START, to - START])).toEqual([
      ['pending', 6_013, 6_025],
      ['frozen', 6_025, 46_001],
      ['bad', 46_001, 46_001],
    ]);
    expect(leftBehindRange(lookup, NOW).to).toBeGreaterThan(START + 46_001);
  });
});

describe('the time axis', () => {
  it('zooms around an instant, and stays within its limits', () => {
    const limits = { from: 0, to: 100 };
    expect(zoomed({ from: 0, to: 100 }, 0.5, 50, limits)).toEqual({ from: 25, to: 75 });
    expect(zoomed({ from: 25, to: 75 }, 4, 50, limits)).toEqual(limits);
    expect(moved({ from: 25, to: 75 }, 2, limits)).toEqual({ from: 50, to: 100 });
  });

  it('has round ticks', () => {
    expect(ticks({ from: 990, to: 2_010 }, 1_000, 6)).toEqual([0, 200, 400, 600, 800, 1_000]);
  });
});

describe('the curl command of a request', () => {
  it('has its method, headers and body, quoted for the shell', () => {
    const event = SHOP_PAYLOADS[order.run?.requestId ?? '']?.event?.text;
    expect(curlCommand('http://127.0.0.1:3000', order, event)).toBe(
      "curl --globoff --request POST 'http://127.0.0.1:3000/orders' " +
        "--header 'content-type: application/json' --header 'x-note: it'\\''s' " +
        `--data-binary '{"article":"tea","count":2}'`,
    );
  });

  it('decodes a binary body', () => {
    const event = JSON.stringify({ body: 'AAEC', isBase64Encoded: true });
    expect(curlCommand('http://h', order, event)).toMatch(
      /^printf %s 'AAEC' \| base64 -d \| curl /,
    );
  });

  it('invokes the function where there was no HTTP', () => {
    const { run } = order;
    expect(curlCommand('http://h', { key: '1', ...(run && { run }) }, '{"a":1}')).toBe(
      `curl --globoff 'http://h/2015-03-31/functions/orders/invocations' --data-binary '{"a":1}'`,
    );
  });
});

describe('a payload', () => {
  it('that is JSON is formatted', () => {
    expect(payloadText({ text: '{"a":1}', bytes: 7, isCut: false }).text).toBe('{\n  "a": 1\n}');
  });

  it.each(['<b>', '\u0000\u0001', '{"a":', ''])(
    'that is not JSON is shown unchanged: %j',
    (text) => {
      expect(payloadText({ text, bytes: text.length, isCut: false })).toEqual({
        text,
        isJson: false,
      });
    },
  );

  it('that is cut says so', () => {
    const { remark } = payloadText({ text: '{"a', bytes: 5_242_880, isCut: true });
    expect(remark).toBe('The first 3 B of 5.0 MB.');
  });
});

it('a REPORT line as JSON has the same figures', () => {
  const metrics = { durationMs: 5.5, billedDurationMs: 6, memorySizeMB: 128 };
  const line = JSON.stringify({ type: 'platform.report', record: { metrics } });
  expect(reportFigures(line)).toEqual({ durationMs: 5.5, billedMs: 6, memoryMb: 128 });
});

it('the tail costs what docs/costs.md says: 1 s at 1024 MB, a million times', () => {
  expect(tailCostPerMillion(1_000, 1_024)).toBeCloseTo(16.67, 2);
});

it.each([
  [0.43, '0.4 ms'],
  [999, '999 ms'],
  [9_999, '10.0 s'],
  [185_000, '3 min 05 s'],
])('%d ms read as %s', (ms, text) => expect(seconds(ms)).toBe(text));

it('an address that nobody wrote leads to the requests', () => {
  expect(readRoute('#/nonsense/%')).toEqual({ page: 'requests', key: '%' });
  expect(readRoute(`#/requests/${LOOKUP}`)).toEqual({ page: 'requests', key: LOOKUP });
});
