import { Agent } from 'node:http';
import { timed } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { apiGatewayEvent } from '../setup/api-gateway-event.ts';
import { post } from '../setup/post.ts';
import { startSocketPeer } from '../setup/socket-peer.ts';
import { invoke, startPlainFunction } from '../setup/start-functions.ts';

/** What the emulator adds to a handler: thaw, Runtime API, AWS's runtime client. */
export const emulatorInvoke: Figure = {
  name: 'emulator-invoke',
  title: 'emulator: warm invoke of a no-op handler',
  unit: 'ms',
  async measure(stand) {
    const lambda = await startPlainFunction(stand);
    const receiver = await startSocketPeer(stand, 'http-receiver.js');
    const agent = new Agent({ keepAlive: true });
    stand.onEnd(() => agent.destroy());
    const event = apiGatewayEvent(1_000);
    const body = JSON.stringify(event);
    const samples = await interleave(
      { rounds: 300, warmUp: 30 },
      {
        async ours() {
          const durationMs = await timed(() => invoke(lambda, event));
          await lambda.idle();
          return durationMs;
        },
        limit: () => timed(() => post(agent, receiver.socket, body)),
      },
    );
    return {
      ours: {
        what: "invoke() of a frozen environment with AWS's runtime client → its result",
        samples: samples.ours,
      },
      limit: {
        what: 'node:http POST of the same event to another process, keep-alive',
        samples: samples.limit,
      },
    };
  },
};
