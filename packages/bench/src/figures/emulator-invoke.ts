import { Client } from 'undici';
import { timed } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { apiGatewayEvent } from '../function/api-gateway-event.js';
import { interleave } from '../interleave.ts';
import { invoke } from '../setup/invoke.ts';
import { startSocketPeer } from '../setup/socket-peer.ts';
import { startFunction } from '../setup/start-function.ts';

/** What the emulator adds to a handler: thaw, Runtime API, AWS's runtime client. */
export const emulatorInvoke: Figure = {
  name: 'emulator-invoke',
  title: 'emulator: warm invoke of a no-op handler',
  unit: 'ms',
  async measure(stand) {
    const lambda = await startFunction(stand, { name: 'plain', handler: 'plain.handler' });
    const receiver = await startSocketPeer(stand, 'http-receiver.js');
    const client = new Client('http://localhost', { socketPath: receiver.socket });
    stand.onEnd(() => client.destroy());
    const event = apiGatewayEvent(1_000);
    const body = JSON.stringify(event);
    const samples = await interleave(
      { rounds: stand.rounds(300), warmUp: 30 },
      {
        async ours() {
          const durationMs = await timed(() => invoke(lambda, event));
          await lambda.idle();
          return durationMs;
        },
        limit: () =>
          timed(async () => {
            const response = await client.request({ method: 'POST', path: '/', body });
            await response.body.text();
          }),
      },
    );
    return {
      ours: {
        what: "invoke() of a frozen environment with AWS's runtime client → its result",
        samples: samples.ours,
      },
      limit: {
        what: 'POST of the same event to another process, keep-alive (undici → node:http)',
        samples: samples.limit,
      },
    };
  },
};
