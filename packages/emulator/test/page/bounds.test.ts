import { describe, expect, it } from 'vitest';
import { viewOf } from '../../page/state/add-entry.ts';
import { boundHistory } from '../../page/state/bounds.ts';
import type { PageEntry } from '../../page/state/page-event.ts';
import { Script } from './script.ts';

const NO_BOUNDS = {
  rows: 1e9,
  lines: 1e9,
  characters: 1e9,
  jobs: 1e9,
  environments: 1e9,
  lost: 1e9,
};

/** So many requests, each with a line of that length. */
function requests(count: number, line = 'a line'): PageEntry[] {
  const script = new Script(1_000_000);
  const on = script.environment('orders', 'e1');
  for (let index = 0; index < count; index += 1) {
    const requestId = `r${index}`;
    const number = script.http(index, 'GET', `/${index}`, 'orders');
    on(index, { type: 'invoke.start', requestId });
    on(index, { type: 'log', source: 'function', requestId, line });
    script.replied(index, number, 200, 1, requestId);
    on(index, { type: 'invoke.end', requestId, durationMs: 1, tailMs: 0, status: 'success' });
  }
  return script.entries;
}

describe('what the page keeps is bounded', () => {
  it('the oldest requests go, and the page says how many', () => {
    const view = viewOf(requests(600));
    boundHistory(view, { ...NO_BOUNDS, rows: 100 });
    expect(view.rows).toHaveLength(100);
    expect(view.rows[0]?.exchange?.target).toBe('/500');
    expect(view.forgotten.requests).toBe(500);
    expect(view.rowsByRequestId.size).toBe(100);
    expect(view.keptLines).toBe(100);
  });

  it('the oldest lines go, and their request says so', () => {
    const view = viewOf(requests(10));
    boundHistory(view, { ...NO_BOUNDS, lines: 4 });
    expect(view.keptLines).toBe(4);
    expect(view.rows[0]?.run).toMatchObject({ lines: [], forgottenLines: 1 });
    expect(view.rows[9]?.run?.lines).toHaveLength(1);
  });

  it('lines go when they are long together', () => {
    const view = viewOf(requests(10, 'x'.repeat(1_000)));
    boundHistory(view, { ...NO_BOUNDS, characters: 3_000 });
    expect(view.keptCharacters).toBe(3_000);
  });

  it('a line of a megabyte is cut, and says by how much', () => {
    const view = viewOf(requests(1, 'x'.repeat(1_000_000)));
    const [line] = view.rows[0]?.run?.lines ?? [];
    expect(line?.line.length).toBeLessThan(101_000);
    expect(line?.line).toMatch(/ … and 900,000 more characters$/);
  });
});
