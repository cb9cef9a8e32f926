import { help, parseCommand } from './command-line.ts';
import { figures } from './figures/all.ts';
import { describeMachine } from './machine.ts';
import type { Result } from './result.ts';
import { runFigure } from './run-figure.ts';
import { layOut } from './setup/layer.ts';
import { misses, table } from './table.ts';

/** Of the rounds that a full run takes: enough to see that everything works. */
const QUICK = 0.1;

process.once('SIGINT', () => process.exit(130)); // So that what was started is ended.

try {
  const command = parseCommand(process.argv.slice(2), figures);
  if (command.help) console.log(help(figures));
  else await run(command);
} catch (error) {
  console.error(`bench: ${sentence(error)}`);
  process.exitCode = 1;
}

async function run({ figures, json, quick }: ReturnType<typeof parseCommand>): Promise<void> {
  const layer = await layOut();
  const rounds = (needed: number) => (quick ? Math.max(2, Math.ceil(needed * QUICK)) : needed);
  const results: Result[] = [];
  try {
    for (const [index, figure] of figures.entries()) {
      console.error(`${index + 1} of ${figures.length}: measuring ${figure.name} …`);
      try {
        results.push(await runFigure(figure, { layer, rounds }));
      } catch (error) {
        console.error(`bench: ${figure.name} was not measured: ${sentence(error)}`);
        process.exitCode = 1;
      }
    }
  } finally {
    await layer.remove();
  }
  const machine = describeMachine();
  if (json) {
    console.log(JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2));
    return;
  }
  const { node, platform, cores, cpu, load } = machine;
  console.log(`\n${table(results)}\n`);
  for (const line of misses(results)) console.log(line);
  console.log(`Node.js ${node}, ${platform}, ${cores} cores (${cpu}), load ${load.toFixed(1)}`);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
