import type { Outcome } from './play.ts';
import { INTERFACES } from './rule.ts';

const MARKS = { agrees: '✓', differs: '✗', 'not played': '-' } as const;

/** One rule, its source, and how the answer differs; of our emulator, also why. */
export function renderOutcome(outcome: Outcome, isOurs: boolean): string[] {
  const { rule, result } = outcome;
  const line = `${MARKS[result]} ${rule.id}  (${rule.source})`;
  switch (outcome.result) {
    case 'agrees':
      return [line];
    case 'differs':
      return [
        line,
        ...outcome.differences.map((difference) => `    ${difference}`),
        ...(isOurs && rule.why !== undefined ? [`    on purpose: ${rule.why}`] : []),
      ];
    case 'not played':
      return [`${line}: not played, ${outcome.reason}`];
    default:
      return outcome satisfies never;
  }
}

/** The same for programs. */
export function outcomeRecord({ rule, ...outcome }: Outcome): object {
  const { id, interface: name, source } = rule;
  return { id, interface: name, source, ...outcome };
}

export interface Count {
  readonly interface: string;
  readonly agree: number;
  readonly differ: number;
  readonly notPlayed: number;
}

/** Agreement of each interface. */
export function countOutcomes(outcomes: readonly Outcome[]): Count[] {
  return INTERFACES.map((name) => {
    const own = outcomes.filter(({ rule }) => rule.interface === name);
    const count = (result: Outcome['result']) =>
      own.filter((each) => each.result === result).length;
    return {
      interface: name,
      agree: count('agrees'),
      differ: count('differs'),
      notPlayed: count('not played'),
    };
  });
}

export function renderCounts(counts: readonly Count[]): string[] {
  const total = {
    interface: 'All',
    agree: sum(counts, 'agree'),
    differ: sum(counts, 'differ'),
    notPlayed: sum(counts, 'notPlayed'),
  };
  return [...counts, total].map(
    ({ interface: name, agree, differ, notPlayed }) =>
      `${name.padEnd(16)} ${agree} of ${agree + differ} agree${notPlayed ? `, ${notPlayed} not played` : ''}`,
  );
}

const sum = (counts: readonly Count[], key: 'agree' | 'differ' | 'notPlayed'): number =>
  counts.reduce((total, count) => total + count[key], 0);
