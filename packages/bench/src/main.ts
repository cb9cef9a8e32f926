import { help, parseCommand } from './command-line.ts';
import { figures } from './figures/all.ts';
import { describeMachine } from './machine.ts';
import type { Result } from './result.ts';
import { runFigure } from './run-figure.ts';
import { layOut } from './setup/layer.ts';
import { table } from './table.ts';

process.once('SIGINT', () => process.exit(130)); // So that what was started is ended.

try {
  const command = parseCommand(process.argv.slice(2), figures);
  if (command.help) console.log(help(figures));
  else await run(command);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function run({ figures, json }: ReturnType<typeof parseCommand>): Promise<void> {
  const layer = await layOut();
  const results: Result[] = [];
  try {
    for (const figure of figures) {
      console.error(`measuring ${figure.name} …`);
      results.push(await runFigure(figure, layer));
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
  console.log(`Node.js ${node}, ${platform}, ${cores} cores (${cpu}), load ${load.toFixed(1)}`);
}
