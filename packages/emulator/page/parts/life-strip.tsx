import { seconds } from '../state/format.ts';
import { place, type Range } from '../state/time-range.ts';
import type { Environment, Phase, PhaseKind } from '../state/view.ts';

const NAMES: Readonly<Record<PhaseKind, string>> = {
  init: 'INIT',
  reply: 'reply',
  tail: 'tail',
  idle: 'awake',
  frozen: 'frozen',
  shutdown: 'SHUTDOWN',
};

/** Below this share of the width, a phase has no room for its name. */
const ROOM_FOR_NAME = 6;
/** Phases that are narrower are left out. */
const VISIBLE = 0.05;

/** What an environment did, phase by phase, on a real-time axis. */
export function LifeStrip({
  environment,
  range,
  now,
  hasNames = true,
}: {
  readonly environment: Environment;
  readonly range: Range;
  readonly now: number;
  readonly hasNames?: boolean;
}) {
  const end = environment.endedAt ?? now;
  return (
    <div class="life">
      {visiblePhases(environment, range, end).map(({ phase, left, width }) => (
        <div
          key={`${phase.from}${phase.kind}`}
          class={`phase ${phase.kind}`}
          style={{ left: `${left}%`, width: `${width}%` }}
          title={`${nameOf(phase)}, ${seconds((phase.to ?? end) - phase.from)}`}
        >
          {hasNames && width > ROOM_FOR_NAME && (
            <span>
              {nameOf(phase)} <small>{seconds((phase.to ?? end) - phase.from)}</small>
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

const nameOf = ({ kind, requests }: Phase): string =>
  requests === undefined ? NAMES[kind] : `${NAMES[kind]} ×${requests}`;

export function visiblePhases({ phases }: Environment, range: Range, now: number) {
  const seen: { readonly phase: Phase; readonly left: number; readonly width: number }[] = [];
  for (const phase of phases) {
    const left = Math.max(0, place(phase.from, range));
    const right = Math.min(100, place(phase.to ?? now, range));
    if (right - left > VISIBLE) seen.push({ phase, left, width: right - left });
  }
  return seen;
}
