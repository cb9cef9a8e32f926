import { timed } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { apiGatewayEvent } from '../function/api-gateway-event.js';
import { interleave } from '../interleave.ts';
import { invoke } from '../setup/invoke.ts';
import { startFunction } from '../setup/start-function.ts';

/** What it costs to look for unfinished work: in the function, and at each freeze. */
export const emulatorUnfinished: readonly Figure[] = [
  figureOf('emulator-unfinished', 'plain', 'a no-op handler'),
  figureOf('emulator-unfinished-promises', 'promises', 'a handler that awaits 1,000 calls'),
  figureOf('emulator-unfinished-forgets', 'forgets', 'a handler that leaves a promise pending'),
];

function figureOf(name: string, file: string, what: string): Figure {
  return {
    name,
    title: `emulator: look for unfinished work, ${what}`,
    unit: 'ms',
    async measure(stand) {
      const options = { name: file, handler: `${file}.handler` };
      const tracked = await startFunction(stand, { ...options, trackUnfinished: true });
      const plain = await startFunction(stand, options);
      const event = apiGatewayEvent(1_000);
      const untilFrozen = (lambda: typeof plain) =>
        timed(async () => {
          await invoke(lambda, event);
          await lambda.idle();
        });
      const samples = await interleave(
        { rounds: stand.rounds(300), warmUp: 30 },
        { ours: () => untilFrozen(tracked), limit: () => untilFrozen(plain) },
      );
      return {
        ours: { what: 'with trackUnfinished: warm invoke() → frozen again', samples: samples.ours },
        limit: { what: 'the same function without it', samples: samples.limit },
      };
    },
  };
}
