import { isManaged } from '../state/environments.ts';
import { bytes, dollars, seconds } from '../state/format.ts';
import { replyMs, tailMs } from '../state/request-times.ts';
import { tailCostPerMillion } from '../state/tail-cost.ts';
import type { Row, View } from '../state/view.ts';

/** What Lambda's REPORT line says, and what the tail costs. */
export function Report({
  view,
  row,
  now,
}: {
  readonly view: View;
  readonly row: Row;
  readonly now: number;
}) {
  const { run } = row;
  const { report } = run ?? {};
  const tail = tailMs(row, now);
  const memory = report?.memoryMb ?? view.functions.get(run?.functionName ?? '')?.memoryMiB;
  const figures: readonly (readonly [string, string | undefined])[] = [
    ['Reply', seconds(replyMs(row, now))],
    ['Tail', tail === undefined ? undefined : seconds(tail)],
    [
      'A million such tails',
      tail === undefined || memory === undefined || isManaged(view, run?.functionName)
        ? undefined
        : `${dollars(tailCostPerMillion(tail, memory))} (x86, us-east-1, without free tier)`,
    ],
    ['Duration', ms(report?.durationMs)],
    ['Billed duration', ms(report?.billedMs)],
    ['Init duration', ms(report?.initMs)],
    ['Memory size', memory === undefined ? undefined : `${memory} MB`],
    ['Max memory used', report?.maxMemoryMb === undefined ? undefined : `${report.maxMemoryMb} MB`],
    ['Response', run?.responseBytes === undefined ? undefined : bytes(run.responseBytes)],
    ['Status', run?.status],
  ];
  return (
    <dl class="figures">
      {figures.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

const ms = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `${value.toLocaleString('en-US')} ms`;
