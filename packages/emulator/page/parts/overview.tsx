import { useState } from 'preact/hooks';
import { clock } from '../state/format.ts';
import { place, type Range, within } from '../state/time-range.ts';
import type { Environment } from '../state/view.ts';
import { LifeStrip } from './life-strip.tsx';

/** The whole life of the environment; the part that the chart shows is a window that can be dragged. */
export function Overview({
  environment,
  range,
  limits,
  now,
  onRange,
}: {
  readonly environment: Environment;
  readonly range: Range;
  readonly limits: Range;
  readonly now: number;
  readonly onRange: (range: Range) => void;
}) {
  const [drag, setDrag] = useState<{ readonly at: number; readonly range: Range | undefined }>();
  const left = Math.max(0, place(range.from, limits));
  const right = Math.min(100, place(range.to, limits));

  const instant = (event: PointerEvent) => {
    const { left: start, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return limits.from + ((event.clientX - start) / width) * (limits.to - limits.from);
  };

  return (
    <div class="overview">
      <div class="lane-name">
        whole life
        <small>drag to choose</small>
      </div>
      <div
        class="strip"
        aria-hidden="true"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = instant(event);
          const isInside = at > range.from && at < range.to && right - left < 98;
          setDrag({ at, range: isInside ? range : undefined });
        }}
        onPointerMove={(event) => {
          if (!drag) return;
          const at = instant(event);
          if (drag.range) {
            const by = at - drag.at;
            onRange(within({ from: drag.range.from + by, to: drag.range.to + by }, limits));
          } else if (Math.abs(place(at, limits) - place(drag.at, limits)) > 0.5) {
            onRange(within({ from: Math.min(drag.at, at), to: Math.max(drag.at, at) }, limits));
          }
        }}
        onPointerUp={() => setDrag(undefined)}
        onPointerCancel={() => setDrag(undefined)}
      >
        <LifeStrip environment={environment} range={limits} now={now} hasNames={false} />
        <div class="window" style={{ left: `${left}%`, width: `max(6px, ${right - left}%)` }} />
      </div>
      <div class="ends" aria-hidden="true">
        <span>{clock(limits.from)}</span>
        <span>{clock(limits.to)}</span>
      </div>
    </div>
  );
}
