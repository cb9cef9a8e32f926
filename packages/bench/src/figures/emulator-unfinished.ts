import { timed } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { apiGatewayEvent } from '../function/api-gateway-event.js';
import { interleave } from '../interleave.ts';
import { invoke } from '../setup/invoke.ts';
import { startFunction } from '../setup/start-function.ts';

/** What it costs to look for unfinished work at each freeze. */
export const emulatorUnfinished: Figure = {
  name: 'emulator-unfinished',
  title: 'emulator: warm invoke that looks for unfinished work, with its freeze',
  unit: 'ms',
  async measure(stand) {
    const options = { name: 'plain', handler: 'plain.handler' };
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
      ours: { what: 'with trackUnfinished: invoke() → frozen again', samples: samples.ours },
      limit: { what: 'the same function without it', samples: samples.limit },
    };
  },
};
