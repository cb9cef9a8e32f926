import { settle } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { bundleFunctions } from '../setup/bundle-functions.ts';
import { startFunction } from '../setup/start-function.ts';
import { openTable } from '../setup/table.ts';

interface Sample {
  readonly withKey: number;
  readonly peer: number;
  readonly plain: number;
}

/** How long a request waits whose key all environments must know. */
export const keys: Figure = {
  name: 'hand-off-key',
  title: 'hand-off with a key in a table',
  unit: 'ms',
  async measure(stand) {
    const code = await bundleFunctions(stand, ['keys.js', 'background.js'], ['@async-http/client']);
    const lambda = await startFunction(stand, {
      name: 'keys',
      code,
      handler: 'keys.handler',
      layers: [stand.layer.zip],
      environment: { ASYNC_HANDLER: 'background.handler', ...(await openTable(stand)) },
    });
    const count = stand.rounds(300);
    const samples: Sample[] = [];
    for (let round = -Math.ceil(count / 5); round < count; round += 1) {
      await settle();
      const { payload, functionError } = await lambda.invoke({ key: `key-${round}` });
      await lambda.idle();
      if (functionError) throw new Error(payload.toString());
      if (round >= 0) samples.push(JSON.parse(payload.toString()));
    }
    return {
      ours: {
        what: 'sendArgs with jobKey(), one write to a local DynamoDB',
        samples: samples.map(({ withKey }) => withKey),
      },
      limit: {
        what: 'sendArgs without a key',
        samples: samples.map(({ plain }) => plain),
      },
      peers: [
        {
          what: 'makeIdempotent of Powertools around a no-op, two writes to the same table',
          samples: samples.map(({ peer }) => peer),
        },
      ],
    };
  },
};
