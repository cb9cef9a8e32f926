import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';

export interface Command {
  readonly help: boolean;
  readonly json: boolean;
  readonly quick: boolean;
  readonly figures: readonly Figure[];
}

/** @throws {Error} a sentence for the user. */
export function parseCommand(args: readonly string[], all: readonly Figure[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter((name) => !all.some((figure) => figure.name === name));
  if (unknown.length > 0) {
    const names = all.map(({ name }) => name).join(', ');
    throw new Error(`There is no figure ${unknown.join(', ')}. There are: ${names}`);
  }
  const figures = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { ...values, figures };
}

export function help(all: readonly Figure[]): string {
  const width = Math.max(...all.map(({ name }) => name.length));
  return `Measures the layer against the limits of this machine, side by side.

  pnpm build && pnpm bench [figure …] [--quick] [--json] [--help]

  --quick  a tenth of the samples: shows that everything works, and judges nothing
  --json   the results on standard output, for programs; progress is on standard error

Figures (all, unless some are named):
${all.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join('\n')}

A missed budget does not fail the run: a machine that is busy with other things cannot judge.
`;
}
