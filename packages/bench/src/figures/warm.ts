import type { Figure } from '../figure.ts';
import { apiGatewayEvent } from '../function/api-gateway-event.js';
import { interleave } from '../interleave.ts';
import { COMPARED, startCompared } from '../setup/compared-functions.ts';
import { responseMs } from '../setup/invoke.ts';

/** What every further caller waits for. */
export const warm: Figure = {
  name: 'warm',
  title: 'warm response with a hand-off',
  unit: 'ms',
  budgets: [{ timesLimit: 2 }, { timesLimit: 2, of: 'p99' }],
  async measure(stand) {
    const { proxy, plain, server } = await startCompared(stand, ['proxy', 'plain', 'server']);
    const event = apiGatewayEvent(1_000);
    const samples = await interleave(
      { rounds: stand.rounds(450), warmUp: 20 },
      {
        proxy: () => responseMs(proxy, event),
        plain: () => responseMs(plain, event),
        server: () => responseMs(server, event),
      },
    );
    return {
      ours: { what: COMPARED.proxy, samples: samples.proxy },
      limit: { what: COMPARED.plain, samples: samples.plain },
      peers: [{ what: COMPARED.server, samples: samples.server }],
    };
  },
};
