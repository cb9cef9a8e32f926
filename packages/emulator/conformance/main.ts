import { type Arguments, parseArguments, UsageError } from './arguments.ts';
import { startEmulator } from './emulator.ts';
import { HELP } from './help.ts';
import { type Outcome, play } from './play.ts';
import { countOutcomes, outcomeRecord, renderCounts, renderOutcome } from './report.ts';
import { RULES } from './rules.ts';
import type { Target } from './target.ts';

async function main(argv: readonly string[]): Promise<number> {
  const args = parseArguments(argv);
  if (args.help) {
    print(HELP);
    return 0;
  }
  if (args.against) {
    const { against: addresses, idleFunction } = args;
    const outcomes = await report({ addresses, idleFunction }, args);
    return outcomes.some(({ result }) => result === 'differs') ? 1 : 0;
  }
  const emulator = await startEmulator();
  try {
    const outcomes = await report(emulator, args);
    return outcomes.some(isUnexpected) ? 1 : 0;
  } finally {
    await emulator.close();
  }
}

async function report(target: Target, args: Arguments): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of play(RULES, target)) {
    outcomes.push(outcome);
    if (args.json) print(JSON.stringify(outcomeRecord(outcome)));
    else for (const line of renderOutcome(outcome, !args.against)) print(line);
  }
  const counts = countOutcomes(outcomes);
  print(args.json ? JSON.stringify({ counts }) : ['', ...renderCounts(counts)].join('\n'));
  return outcomes;
}

/** Of our own emulator. */
const isUnexpected = ({ rule, result }: Outcome): boolean =>
  (result === 'differs') !== (rule.status === 'differs on purpose');

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  // What an endpoint has left open must not keep the program.
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nSee pnpm conformance --help.\n`);
  process.exit(2);
}
