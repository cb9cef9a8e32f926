import type { Figure } from '../figure.ts';
import { apiGatewayEvent } from '../function/api-gateway-event.js';
import { interleave } from '../interleave.ts';
import { COMPARED, startCompared } from '../setup/compared-functions.ts';
import { tailMs } from '../setup/invoke.ts';
import { startFunction } from '../setup/start-function.ts';

/** What is billed after the response. */
export const releaseAfterJob: Figure = {
  name: 'release-job',
  title: 'response → release, a no-op job',
  unit: 'ms',
  budgets: [{ units: 1 }],
  async measure(stand) {
    const { proxy, plain, server } = await startCompared(stand, ['proxy', 'plain', 'server']);
    const event = apiGatewayEvent(1_000);
    const samples = await interleave(
      { rounds: stand.rounds(300), warmUp: 20 },
      {
        proxy: () => tailMs(proxy, event),
        plain: () => tailMs(plain, event),
        server: () => tailMs(server, event),
      },
    );
    return {
      ours: { what: COMPARED.proxy, samples: samples.proxy },
      limit: { what: COMPARED.plain, samples: samples.plain },
      peers: [{ what: COMPARED.server, samples: samples.server }],
    };
  },
};

/** What is billed after a response that has left nothing to do. */
export const releaseOfNothing: Figure = {
  name: 'release-nothing',
  title: 'response → release, nothing handed off',
  unit: 'ms',
  budgets: [{ units: 1.5 }],
  async measure(stand) {
    const imported = await startFunction(stand, {
      name: 'imported',
      handler: 'imported.handler',
      layers: [stand.layer.zip],
      environment: { ASYNC_HANDLER: 'background.handler' },
    });
    const { plain } = await startCompared(stand, ['plain']);
    const samples = await interleave(
      { rounds: stand.rounds(300), warmUp: 20 },
      { imported: () => tailMs(imported, {}), plain: () => tailMs(plain, {}) },
    );
    return {
      ours: {
        what: 'with the layer: the client is imported, the handler is not wrapped',
        samples: samples.imported,
      },
      limit: { what: COMPARED.plain, samples: samples.plain },
    };
  },
};
