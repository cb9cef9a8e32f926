import type { Bar, Lane } from '../state/lanes.ts';
import { place, type Range } from '../state/time-range.ts';

/** Of a label, in per cent of the axis on a narrow screen. */
const CHARACTER = 2.8;

/** One party and its bars. */
export function LaneRow({ lane, range }: { readonly lane: Lane; readonly range: Range }) {
  const { name, detail, bars } = lane;
  return (
    <div class="lane">
      <div class="lane-name" title={name}>
        <span>{name}</span>
        {detail !== undefined && <small>{detail}</small>}
      </div>
      <div class="track">
        {bars.map((bar) => (
          <BarView key={`${bar.from}${bar.tone}${bar.title.length}`} bar={bar} range={range} />
        ))}
      </div>
    </div>
  );
}

function BarView({ bar, range }: { readonly bar: Bar; readonly range: Range }) {
  const { from, to, tone, title, label, isOpen } = bar;
  const left = Math.max(-1, place(from, range));
  const right = Math.min(101, place(to, range));
  if (right < 0 || left > 100) return null;
  const isNearEnd = label !== undefined && right > 100 - label.length * CHARACTER;
  return (
    <>
      <div
        class={`bar ${tone}${isOpen ? ' open' : ''}`}
        role="img"
        aria-label={title}
        title={title}
        style={{ left: `${left}%`, width: `${Math.max(0, right - left)}%` }}
      />
      {label !== undefined && (
        <span
          class={`bar-label${isNearEnd ? ' inside' : ''}`}
          aria-hidden="true"
          style={isNearEnd ? { right: `${Math.max(0, 100 - right)}%` } : { left: `${right}%` }}
        >
          {label}
        </span>
      )}
    </>
  );
}
