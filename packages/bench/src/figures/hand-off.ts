import { Agent } from 'node:http';
import { settle, timed } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { apiGatewayEvent } from '../setup/api-gateway-event.ts';
import { journalWrite } from '../setup/journal-write.ts';
import { openMessageSocket } from '../setup/message-socket.ts';
import { post } from '../setup/post.ts';
import { startSocketPeer } from '../setup/socket-peer.ts';
import { lambdaContext, startEnvironment } from '../setup/start-environment.ts';

/** What a request waits for: `await sendArgs(event, context)`. */
export const handOff: Figure = handOffOf({
  name: 'hand-off',
  title: 'sendArgs(), 1 kB, warm',
  unit: 'µs',
  bytes: 1_000,
  rounds: 1_000,
  timesLimit: 2,
});

export const handOffLarge: Figure = handOffOf({
  name: 'hand-off-5mb',
  title: 'sendArgs(), 5 MB, warm',
  unit: 'ms',
  bytes: 5_000_000,
  rounds: 40,
  timesLimit: 3,
});

function handOffOf({
  bytes,
  rounds,
  timesLimit,
  ...names
}: {
  name: string;
  title: string;
  unit: 'µs' | 'ms';
  bytes: number;
  rounds: number;
  timesLimit: number;
}): Figure {
  const perMs = names.unit === 'µs' ? 1_000 : 1;
  return {
    ...names,
    budget: { timesLimit },
    async measure(stand) {
      const environment = await startEnvironment(stand);
      const { api, client } = environment;
      const socketReceiver = await startSocketPeer(stand, 'socket-receiver.js');
      const httpReceiver = await startSocketPeer(stand, 'http-receiver.js');
      const raw = await openMessageSocket(socketReceiver.socket);
      const agent = new Agent({ keepAlive: true });
      stand.onEnd(() => agent.destroy());

      const event = apiGatewayEvent(bytes);
      const message = Buffer.from(JSON.stringify(event));
      const journal = await journalWrite(stand, message);

      const samples = await interleave(
        { rounds, warmUp: Math.ceil(rounds / 5) },
        {
          async ours() {
            const invocation = api.invoke();
            // On Lambda the function is told at the same moment, but its runtime and its code come first.
            await settle();
            const context = lambdaContext(invocation);
            const durationMs = await timed(() => client.handOff(event, context)); // sendArgs()
            await client.endInvocation(invocation.requestId);
            await api.nextCall();
            return durationMs * perMs;
          },
          limit: async () => (await timed(() => raw.roundTrip(message))) * perMs,
          http: async () =>
            (await timed(() => post(agent, httpReceiver.socket, JSON.stringify(event)))) * perMs,
          journal: async () => (await journal()) * perMs,
          json: async () => (await timed(async () => JSON.stringify(event))) * perMs,
        },
      );
      return {
        ours: {
          what: "the layer's client → extension, handler process loaded → 202",
          samples: samples.ours,
        },
        limit: {
          what: 'the same bytes over a raw Unix socket, a short answer back',
          samples: samples.limit,
        },
        peers: [
          { what: 'node:http POST of the same event, keep-alive', samples: samples.http },
          { what: 'the journal: its write of such a job, part of ours', samples: samples.journal },
          { what: 'JSON.stringify(event) alone', samples: samples.json },
        ],
      };
    },
  };
}
