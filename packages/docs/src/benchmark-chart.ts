import type { Figure } from './benchmark-table.ts';

const WIDTH = 600;
const ROW = 48;
const HEAD = 34;
const BAR = 16;
/** At the end of the longest bar, for its value. */
const VALUE = 90;

/** By the colours of the site, so that it can be read in dark and light mode. */
const COLORS: Readonly<Record<string, string>> = {
  ours: 'var(--vp-c-brand-1)',
  limit: 'var(--vp-c-text-3)',
  peer: 'var(--vp-c-text-3)',
};

/** A figure of the benchmark as bars, in SVG: one for each row, as long as its median. */
export function benchmarkChart({ title, rows }: Figure): string {
  const values = rows.map(({ p50 }) => Number.parseFloat(p50));
  const largest = Math.max(...values);
  const height = HEAD + rows.length * ROW;
  const bars = rows.map(({ role, what, p50 }, index) => {
    const top = HEAD + index * ROW;
    const length = Math.round(((values[index] ?? 0) / largest) * (WIDTH - VALUE));
    const weight = role === 'ours' ? 600 : 400;
    return [
      text(0, top + 14, what, weight),
      `<rect x="0" y="${top + 20}" width="${Math.max(length, 1)}" height="${BAR}" rx="2" style="fill: ${COLORS[role]}"/>`,
      text(length + 8, top + 33, p50, weight),
    ].join('');
  });
  return [
    `<svg v-pre role="img" aria-label="${escaped(title)}" viewBox="0 0 ${WIDTH} ${height}" `,
    'style="display: block; width: 100%; max-width: 640px; margin: 24px 0; font-size: 14px">',
    text(0, 16, title.charAt(0).toUpperCase() + title.slice(1), 600),
    ...bars,
    '</svg>\n',
  ].join('');
}

function text(x: number, y: number, content: string, weight: number): string {
  return `<text x="${x}" y="${y}" style="fill: var(--vp-c-text-1); font-weight: ${weight}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
