import { PickSplit } from '../parts/pick-split.tsx';
import { RowLink } from '../parts/row-link.tsx';
import { ScrollText } from '../parts/scroll-text.tsx';
import { clock, count, seconds } from '../state/format.ts';
import { lostSentence } from '../state/lost-sentence.ts';
import { place } from '../state/time-range.ts';
import type { LostWork, View } from '../state/view.ts';
import type { ViewProps } from './view-props.ts';

export function Lost({ view, now, chosen, onChoose }: ViewProps) {
  if (view.lost.size === 0) {
    return (
      <main class="first-steps">
        <h2>Nothing is known to be lost</h2>
        <p>
          When a function has promises, timers, sockets or requests pending while its environment
          freezes, they are listed here with the line that started them.
        </p>
        <p>
          Functions are watched for that only with <code>dev --explain</code>, because it makes them
          slower.
        </p>
      </main>
    );
  }
  const all = [...view.lost.values()].reverse();
  const lost = view.lost.get(chosen ?? '') ?? all[0];
  return (
    <PickSplit
      label="Unfinished work"
      items={all}
      keyOf={({ key }) => key}
      shown={lost}
      isChosen={chosen !== undefined}
      onChoose={onChoose}
      render={(item) => <LostItem lost={item} />}
      found={`${count(all.length, 'thing was', 'things were')} pending at a freeze`}
      detail={lost && <LostDetail view={view} lost={lost} now={now} />}
    />
  );
}

function LostItem({ lost: { work, resumed } }: { readonly lost: LostWork }) {
  const outcome = resumed?.outcome ?? 'frozen';
  return (
    <div class="job-item">
      <span class="target">{work.what}</span>
      <span class={`state ${outcome.replace(' ', '-')}`}>{outcome}</span>
      <span class="place">{work.at ?? work.kind}</span>
      <span class="times">{resumed && `frozen ${seconds(resumed.frozenMs)}`}</span>
    </div>
  );
}

function LostDetail({
  view,
  lost,
  now,
}: {
  readonly view: View;
  readonly lost: LostWork;
  readonly now: number;
}) {
  const { work, startedAt, frozenAt, resumed, resumedAt, environmentId } = lost;
  const row = work.requestId === undefined ? undefined : view.rowsByRequestId.get(work.requestId);
  const end = resumedAt ?? view.environments.get(environmentId)?.endedAt ?? now;
  const range = { from: startedAt, to: end + (end - startedAt) * 0.12 + 1 };
  const frozenFrom = place(frozenAt, range);
  return (
    <>
      <header class="title">
        <h2>{work.what}</h2>
        <p>
          {work.kind}
          {work.at !== undefined && (
            <>
              {' started at '}
              <code>{work.at}</code>
            </>
          )}
          {row && (
            <>
              {' in '}
              <RowLink row={row} />
            </>
          )}
        </p>
      </header>
      <p class="sentence">{lostSentence(view, lost)}</p>
      <section>
        <div
          class="life"
          role="img"
          aria-label={`It ran from ${clock(startedAt)}, and was frozen from ${clock(frozenAt)}`}
        >
          <div class="phase reply" style={{ left: 0, width: `max(3px, ${frozenFrom}%)` }} />
          <div
            class="phase frozen"
            style={{ left: `${frozenFrom}%`, width: `${place(end, range) - frozenFrom}%` }}
          >
            <span>
              frozen <small>{seconds(end - frozenAt)}</small>
            </span>
          </div>
          {resumed && (
            <div
              class={`phase ${resumed.outcome === 'finished' ? 'reply' : 'shutdown'}`}
              style={{ left: `${place(end, range)}%`, right: 0 }}
            >
              <span>{resumed.outcome}</span>
            </div>
          )}
        </div>
        <div class="ends" aria-hidden="true">
          <span>started {clock(startedAt)}</span>
          <span>{clock(end)}</span>
        </div>
      </section>
      {work.stack !== undefined && (
        <section>
          <h3>Where it was started</h3>
          <ScrollText label="Stack" text={work.stack} />
        </section>
      )}
      <section>
        <h3>What to do</h3>
        <p>
          Await it before the reply, or hand it over as background work (<code>sendArgs</code>,{' '}
          <code>waitUntil</code>), so that the environment stays awake until it is done.
        </p>
      </section>
    </>
  );
}
