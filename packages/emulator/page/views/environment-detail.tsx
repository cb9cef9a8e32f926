import { LifeStrip } from '../parts/life-strip.tsx';
import { LogList } from '../parts/log-list.tsx';
import { useAttempt } from '../parts/messages.tsx';
import { useStore } from '../parts/use-store.ts';
import { isFrozenInWork } from '../state/environments.ts';
import { clock, count, seconds } from '../state/format.ts';
import type { Environment, View } from '../state/view.ts';
import { environmentState, whyAwake } from '../state/why-awake.ts';
import { EnvironmentActions } from './environment-actions.tsx';

const BY_LAMBDA =
  'The function and every extension have asked for their next event, so Lambda lets no process run until the next request.';
const BY_HAND =
  'You froze it in the middle of its work, which Lambda would not do. Thaw it, and it continues.';

/** Why an environment is awake, what it has done, and what can be done to it. */
export function EnvironmentDetail({
  view,
  environment,
  now,
}: {
  readonly view: View;
  readonly environment: Environment;
  readonly now: number;
}) {
  const { name, id, startedAt, endedAt, initMs, extensions, marks, lines } = environment;
  const state = environmentState(environment);
  const range = { from: startedAt, to: Math.max(endedAt ?? now, startedAt + 1) };
  return (
    <>
      <header class="title">
        <h2>{name}</h2>
        <p>
          <code>{id}</code> · since {clock(startedAt)}
          {initMs !== undefined && ` · INIT ${seconds(initMs)}`}
        </p>
      </header>
      <WhyAwake view={view} environment={environment} now={now} />
      <section aria-label="Life of the environment">
        <h3>Its life</h3>
        <LifeStrip environment={environment} range={range} now={now} />
        <div class="ends" aria-hidden="true">
          <span>{clock(range.from)}</span>
          <span>{clock(range.to)}</span>
        </div>
      </section>
      {state !== 'gone' && <EnvironmentActions environment={environment} state={state} />}
      <section>
        <h3>Extensions</h3>
        {extensions.size === 0 && <p class="remark">None has registered.</p>}
        <ul class="plain">
          {[...extensions.values()].map((extension) => (
            <li key={extension.name}>
              <b>{extension.name}</b> for {extension.events.join(', ') || 'no event'},{' '}
              {extension.busySince === undefined
                ? 'waits for its next event'
                : `has not asked for its next event for ${seconds(now - extension.busySince)}`}
            </li>
          ))}
        </ul>
      </section>
      {marks.length > 0 && (
        <section>
          <h3>What happened to it</h3>
          <ul class="plain">
            {marks.map((mark) => (
              <li key={`${mark.at}${mark.text}`}>
                <time>{clock(mark.at)}</time>{' '}
                <span class={mark.tone === 'bad' ? 'bad' : ''}>{mark.text}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {lines.length > 0 && (
        <section>
          <h3>{count(lines.length, 'line')} outside of requests</h3>
          <LogList lines={lines} zero={startedAt} forgotten={0} onPoint={() => {}} />
        </section>
      )}
    </>
  );
}

function WhyAwake({
  view,
  environment,
  now,
}: {
  readonly view: View;
  readonly environment: Environment;
  readonly now: number;
}) {
  const state = environmentState(environment);
  const phase = environment.phases.at(-1);
  const reasons = whyAwake(view, environment);
  if (state === 'frozen' || state === 'gone') {
    const since = environment.endedAt ?? phase?.from ?? environment.startedAt;
    return (
      <section class={`why ${state}`}>
        <h3>
          {state === 'frozen' ? 'Frozen' : 'Gone'} for {seconds(now - since)}
        </h3>
        <p>
          {state === 'frozen'
            ? `${isFrozenInWork(environment) ? BY_HAND : BY_LAMBDA} Timers and sockets stand still.`
            : `It was shut down${phase?.reason === undefined ? '' : `, reason: ${phase.reason}`}.`}
        </p>
      </section>
    );
  }
  return (
    <section class={`why ${state}`}>
      <h3>{state === 'ending' ? 'Shutting down' : 'Why is it awake?'}</h3>
      <ul>
        {reasons.map(({ text, at, since }) => (
          <li key={text}>
            {text}
            {at !== undefined && (
              <>
                , started at <code>{at}</code>
              </>
            )}{' '}
            <time>{seconds(now - since)}</time>
          </li>
        ))}
      </ul>
      {state === 'awake' && <Pending environment={environment} />}
    </section>
  );
}

/** What the function itself waits for; it is asked only when a person wants to know. */
function Pending({ environment }: { readonly environment: Environment }) {
  const { actions } = useStore();
  const attempt = useAttempt();
  const { pending } = environment;
  return (
    <>
      {pending && (
        <>
          <h4>Pending in the function at {clock(pending.at)}</h4>
          <ul>
            {pending.work.length === 0 && <li>Nothing</li>}
            {pending.work.map(({ id, what, at, ageMs }) => (
              <li key={id}>
                {what}
                {at !== undefined && (
                  <>
                    , started at <code>{at}</code>
                  </>
                )}{' '}
                <time>{seconds(ageMs)}</time>
              </li>
            ))}
          </ul>
        </>
      )}
      {actions && (
        <div class="actions">
          <button
            type="button"
            onClick={() =>
              attempt(() => actions.showPending(environment), 'The function has answered.')
            }
          >
            Which promises are open?
          </button>
        </div>
      )}
    </>
  );
}
