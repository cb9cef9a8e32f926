import { timed } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { apiGatewayEvent } from '../setup/api-gateway-event.ts';
import { FUNCTIONS, invoke, startFunctions } from '../setup/start-functions.ts';

/** What the caller of a function sees of us. */
export const reply: Figure = {
  name: 'reply',
  title: 'warm request → reply, on the emulator',
  unit: 'ms',
  async measure(stand) {
    const { proxy, plain } = await startFunctions(stand);
    const event = apiGatewayEvent(1_000);
    const samples = await interleave(
      { rounds: 100, warmUp: 10 },
      {
        async ours() {
          const durationMs = await timed(() => invoke(proxy, event));
          await proxy.idle();
          return durationMs;
        },
        async limit() {
          const durationMs = await timed(() => invoke(plain, event));
          await plain.idle();
          return durationMs;
        },
      },
    );
    return {
      ours: { what: FUNCTIONS.proxy, samples: samples.ours },
      limit: { what: FUNCTIONS.plain, samples: samples.limit },
    };
  },
};
