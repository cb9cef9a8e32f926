import { PickSplit } from '../parts/pick-split.tsx';
import { count, seconds } from '../state/format.ts';
import type { Environment } from '../state/view.ts';
import { environmentState } from '../state/why-awake.ts';
import { EnvironmentDetail } from './environment-detail.tsx';
import type { ViewProps } from './view-props.ts';

export function Environments({ view, now, chosen, onChoose }: ViewProps) {
  if (view.environments.size === 0) {
    return (
      <main class="first-steps">
        <h2>No environment has started</h2>
        <p>Lambda starts one with the first request.</p>
      </main>
    );
  }
  const environments = [...view.environments.values()].reverse();
  const environment = view.environments.get(chosen ?? '') ?? environments[0];
  return (
    <PickSplit
      label="Environments"
      items={environments}
      keyOf={({ id }) => id}
      shown={environment}
      isChosen={chosen !== undefined}
      onChoose={onChoose}
      render={(item) => <EnvironmentItem environment={item} now={now} />}
      found={count(environments.length, 'environment')}
      detail={
        environment && (
          <EnvironmentDetail key={environment.id} view={view} environment={environment} now={now} />
        )
      }
    />
  );
}

function EnvironmentItem({
  environment,
  now,
}: {
  readonly environment: Environment;
  readonly now: number;
}) {
  const state = environmentState(environment);
  const since = environment.endedAt ?? environment.phases.at(-1)?.from ?? environment.startedAt;
  return (
    <div class="job-item">
      <span class="target">{environment.name}</span>
      <span class={`state ${state}`}>{state}</span>
      <span class="place">{count(environment.requests, 'request')}</span>
      <span class="times">for {seconds(now - since)}</span>
    </div>
  );
}
