import { place, type Range } from '../state/time-range.ts';
import type { LogRecord } from '../state/view.ts';

/** More marks than this cannot be told apart. */
const MARKS = 400;

/** Where log lines were written, at most one mark for each place. */
export function LogMarks({
  lines,
  range,
}: {
  readonly lines: readonly LogRecord[];
  readonly range: Range;
}) {
  const places = new Map<number, LogRecord['source']>();
  for (const { at, source } of lines) {
    if (source !== 'platform') places.set(Math.round((place(at, range) / 100) * MARKS), source);
  }
  return (
    <div class="lane logs">
      <div class="lane-name">log lines</div>
      <div class="track" role="img" aria-label={`${lines.length} log lines, listed below`}>
        {[...places].map(([index, source]) => (
          <i key={index} class={source} style={{ left: `${(index / MARKS) * 100}%` }} />
        ))}
      </div>
    </div>
  );
}
