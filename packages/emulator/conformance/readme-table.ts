import { INTERFACES, type Rule } from './rule.ts';

/** The counts of the rules, and of their sources, as rows of the README. */
export function readmeRows(rules: readonly Rule[]): string[] {
  const rows = INTERFACES.map(
    (name) => [name, rules.filter((rule) => rule.interface === name)] as const,
  );
  return [...rows, ['**all**', rules] as const].map(
    ([name, own]) =>
      `| ${[
        name,
        own.length,
        ...(['agrees', 'differs on purpose', 'unverified'] as const).map(
          (status) => own.filter((rule) => rule.status === status).length,
        ),
        countSources(own),
      ].join(' | ')} |`,
  );
}

const KINDS = [
  ['recordings', /^recorded from AWS/],
  ["AWS's own emulator", /^AWS's Runtime Interface Emulator/],
  ["AWS's test tool", /^AWS's test tool/],
  ["AWS's documents", /^(Lambda|API Gateway) |^AWS's error text/],
  ['none', /^no source/],
] as const;

function countSources(rules: readonly Rule[]): string {
  return KINDS.map(([name, pattern]) => {
    const count = rules.filter(({ source }) => pattern.test(source)).length;
    return count > 0 && `${name} ${count}`;
  })
    .filter(Boolean)
    .join(', ');
}
