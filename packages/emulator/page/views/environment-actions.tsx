import { useState } from 'preact/hooks';
import { useAttempt } from '../parts/messages.tsx';
import { useStore } from '../parts/use-store.ts';
import type { Environment } from '../state/view.ts';
import type { EnvironmentState } from '../state/why-awake.ts';

const REASONS = ['spindown', 'timeout', 'failure'] as const;
const DELAY_MS = 5_000;

/** What a person can do to an environment, to see what a function makes of it. */
export function EnvironmentActions({
  environment,
  state,
}: {
  readonly environment: Environment;
  readonly state: EnvironmentState;
}) {
  const { actions } = useStore();
  const attempt = useAttempt();
  const [reason, setReason] = useState<string>(REASONS[0]);
  const [delayMs, setDelayMs] = useState(DELAY_MS);
  if (!actions) return null;
  const button = (text: string, work: () => Promise<void>, done: string) => (
    <button type="button" onClick={() => attempt(work, done)}>
      {text}
    </button>
  );
  return (
    <section class="environment-actions">
      <h3>Try what happens when …</h3>
      <div class="actions">
        {state === 'frozen'
          ? button('Thaw', () => actions.thaw(environment), 'Thawed.')
          : button('Freeze', () => actions.freeze(environment), 'Frozen.')}
        {button('Kill the runtime', () => actions.kill(environment, 'runtime'), 'Killed.')}
        {[...environment.extensions.keys()].map((extension) => (
          <button
            key={extension}
            type="button"
            onClick={() => attempt(() => actions.kill(environment, { extension }), 'Killed.')}
          >
            Kill {extension}
          </button>
        ))}
      </div>
      <div class="actions">
        <label>
          Reason{' '}
          <select value={reason} onChange={({ currentTarget }) => setReason(currentTarget.value)}>
            {REASONS.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        {button('Shut down', () => actions.shutdown(environment, reason), 'Shutting down.')}
      </div>
      <div class="actions">
        {button(
          'Fail the next attempt',
          () => actions.failNextAttempt(environment),
          'The next attempt will fail.',
        )}
        <label>
          Delay in ms{' '}
          <input
            type="number"
            min={0}
            step={500}
            value={delayMs}
            onInput={({ currentTarget }) => setDelayMs(Number(currentTarget.value))}
          />
        </label>
        {button(
          'Delay the next attempt',
          () => actions.delayNextAttempt(environment, delayMs),
          'The next attempt will be late.',
        )}
      </div>
      <div class="actions">
        {button(
          'Take the destination down',
          () => actions.setDestinationDown(true),
          'Destinations do not answer.',
        )}
        {button(
          'Bring it back',
          () => actions.setDestinationDown(false),
          'Destinations answer again.',
        )}
      </div>
    </section>
  );
}
