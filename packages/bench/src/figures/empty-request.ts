import { now } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { NEXT_LIMIT, nextLimit } from '../setup/next-limit.ts';
import { startEnvironment } from '../setup/start-environment.ts';

/** What a request costs that has nothing to do afterwards. */
export const emptyRequest: Figure = {
  name: 'empty-request',
  title: 'nothing handed off, wrapped handler: response → /event/next',
  unit: 'ms',
  budget: { units: 2 },
  async measure(stand) {
    const { api, client } = await startEnvironment(stand);
    const samples = await interleave(
      { rounds: 300, warmUp: 50 },
      {
        async ours() {
          const { requestId } = api.invoke();
          const repliedAt = now();
          // As a wrapper does: not awaited, the reply goes out from the same turn of the event loop.
          void client.endInvocation(requestId);
          return (await api.nextCall()) - repliedAt;
        },
        limit: await nextLimit(stand),
      },
    );
    return {
      ours: { what: 'INVOKE and endInvocation() at once → GET arrives', samples: samples.ours },
      limit: { what: NEXT_LIMIT, samples: samples.limit },
    };
  },
};
