import { useRef, useState } from 'preact/hooks';
import { seconds } from '../state/format.ts';
import { lanesOf } from '../state/lanes.ts';
import { repliedAt, rowEnvironment, startedAt } from '../state/request-times.ts';
import { moved, place, type Range, ticks, zoomed } from '../state/time-range.ts';
import type { LogRecord, Row, View } from '../state/view.ts';
import { LaneRow } from './lane-row.tsx';
import { LifeStrip, visiblePhases } from './life-strip.tsx';
import { LogMarks } from './log-marks.tsx';

export interface TimelineProps {
  readonly view: View;
  readonly row: Row;
  readonly now: number;
  readonly range: Range;
  readonly limits: Range;
  readonly onRange: (range: Range | undefined) => void;
  readonly lines: readonly LogRecord[];
  /** An instant that something beside the chart points at. */
  readonly pointedAt: number | undefined;
}

/** Narrower than this share of the width, a drag is a click. */
const SMALLEST_DRAG = 0.6;
const ZOOM = 0.5;
const STEP = 0.15;

/** Who did what during a request; the whole chart is one brush. */
export function Timeline({
  view,
  row,
  now,
  range,
  limits,
  onRange,
  lines,
  pointedAt,
}: TimelineProps) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>();
  const [pointer, setPointer] = useState<number>();
  const area = useRef<HTMLDivElement>(null);
  const environment = rowEnvironment(view, row);
  const zero = startedAt(row);
  const reply = repliedAt(row);
  const at = (share: number) => range.from + (share / 100) * (range.to - range.from);

  const onKeyDown = (event: KeyboardEvent) => {
    const middle = (range.from + range.to) / 2;
    const next: Record<string, () => Range | undefined> = {
      ArrowLeft: () => moved(range, -STEP, limits),
      ArrowRight: () => moved(range, STEP, limits),
      '+': () => zoomed(range, ZOOM, middle, limits),
      '=': () => zoomed(range, ZOOM, middle, limits),
      '-': () => zoomed(range, 1 / ZOOM, middle, limits),
      '0': () => undefined,
    };
    const change = next[event.key];
    if (!change || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    onRange(change());
  };

  /** In per cent of the axis; negative above the names of the lanes. */
  const share = (event: PointerEvent) => {
    const { left, width } = area.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.min(100, ((event.clientX - left) / width) * 100);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      class="chart"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it has keys, which its label names
      tabIndex={0}
      aria-label="Timeline. Arrow keys move it, plus and minus zoom, 0 shows the request again."
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        const here = share(event);
        // A second finger: no drag was meant.
        if (!event.isPrimary) setDrag(undefined);
        if (!event.isPrimary || event.button !== 0 || here < 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: here, to: here });
      }}
      onPointerMove={(event) => {
        if (!event.isPrimary) return;
        const here = share(event);
        setPointer(here < 0 ? undefined : here);
        if (drag) setDrag({ from: drag.from, to: Math.max(0, here) });
      }}
      onPointerUp={() => {
        if (drag && Math.abs(drag.to - drag.from) > SMALLEST_DRAG) {
          onRange({ from: at(Math.min(drag.from, drag.to)), to: at(Math.max(drag.from, drag.to)) });
        }
        setDrag(undefined);
      }}
      onPointerCancel={() => setDrag(undefined)}
      onPointerLeave={() => setPointer(undefined)}
      onDblClick={() => onRange(undefined)}
    >
      <div class="axis" aria-hidden="true">
        {ticks(range, zero, 7).map((ms) => (
          <span key={ms} class="tick" style={{ left: `${place(zero + ms, range)}%` }}>
            {ms === 0 ? '0' : seconds(ms)}
          </span>
        ))}
      </div>
      <div class="bands" aria-hidden="true">
        {environment &&
          visiblePhases(environment, range, environment.endedAt ?? now).map(
            ({ phase, left, width }) => (
              <div
                key={`${phase.from}${phase.kind}`}
                class={`band ${phase.kind}`}
                style={{ left: `${left}%`, width: `${width}%` }}
              />
            ),
          )}
      </div>
      <div class="lanes">
        {environment && (
          <div class="lane environment">
            <div class="lane-name">
              {environment.name}
              <small>environment</small>
            </div>
            <div class="track">
              <LifeStrip environment={environment} range={range} now={now} />
            </div>
          </div>
        )}
        {lanesOf(view, row, now).map((lane) => (
          <LaneRow key={lane.key} lane={lane} range={range} />
        ))}
        <LogMarks lines={lines} range={range} />
      </div>
      <div class="over" aria-hidden="true" ref={area}>
        {reply !== undefined && isWithin(reply, range) && (
          <div class="reply-line" style={{ left: `${place(reply, range)}%` }} />
        )}
        {environment?.marks
          .filter((mark) => isWithin(mark.at, range))
          .map((mark) => (
            <div
              key={`${mark.at}${mark.text}`}
              class={`flag ${mark.tone}`}
              style={{ left: `${place(mark.at, range)}%` }}
            >
              <span>{mark.text}</span>
            </div>
          ))}
        {pointedAt !== undefined && isWithin(pointedAt, range) && (
          <div class="pointed" style={{ left: `${place(pointedAt, range)}%` }} />
        )}
        {pointer !== undefined && (
          <div class={`cursor${pointer > 80 ? ' left' : ''}`} style={{ left: `${pointer}%` }}>
            <span>{seconds(at(pointer) - zero)}</span>
          </div>
        )}
        {drag && (
          <div
            class="selection"
            style={{
              left: `${Math.min(drag.from, drag.to)}%`,
              width: `${Math.abs(drag.to - drag.from)}%`,
            }}
          />
        )}
      </div>
    </div>
  );
}

const isWithin = (at: number, { from, to }: Range): boolean => at >= from && at <= to;
