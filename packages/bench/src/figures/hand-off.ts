import { settle } from '../clock.ts';
import type { Figure } from '../figure.ts';
import { startFunction } from '../setup/start-function.ts';

const OURS = 'await sendArgs(event, context) in the function';
const SOCKET = 'the same bytes to another process over a Unix socket, a short answer back';
const FILE = 'JSON.stringify(event), one write to a file in /tmp';

/** What a request waits for. */
export const handOff: Figure = {
  name: 'hand-off',
  title: 'hand-off, 1 kB',
  unit: 'µs',
  budgets: [{ timesLimit: 0.5 }],
  async measure(stand) {
    const { ours, socket, file } = await measureInside(stand, { bytes: 1_000, rounds: 1_000 });
    const inµs = (samples: readonly number[]) => samples.map((ms) => ms * 1_000);
    return {
      ours: { what: OURS, samples: inµs(ours) },
      limit: { what: SOCKET, samples: inµs(socket) },
      peers: [{ what: FILE, samples: inµs(file) }],
    };
  },
};

export const handOffLarge: Figure = {
  name: 'hand-off-5mb',
  title: 'hand-off, 5 MB',
  unit: 'ms',
  budgets: [{ timesLimit: 1.3 }],
  async measure(stand) {
    const { ours, socket, file } = await measureInside(stand, { bytes: 5_000_000, rounds: 40 });
    return {
      ours: { what: OURS, samples: ours },
      limit: { what: FILE, samples: file },
      peers: [{ what: SOCKET, samples: socket }],
    };
  },
};

interface Sample {
  readonly ours: number;
  readonly socket: number;
  readonly file: number;
}

/** The function times all three itself, in the same request, and returns ms. */
async function measureInside(
  stand: Parameters<Figure['measure']>[0],
  { bytes, rounds }: { bytes: number; rounds: number },
): Promise<Record<keyof Sample, number[]>> {
  const lambda = await startFunction(stand, {
    name: 'hand-off',
    handler: 'hand-off.handler',
    layers: [stand.layer.zip],
    environment: { ASYNC_HANDLER: 'background.handler' },
  });
  const count = stand.rounds(rounds);
  const samples: Sample[] = [];
  for (let round = -Math.ceil(count / 5); round < count; round += 1) {
    await settle();
    const { payload, functionError } = await lambda.invoke({ bytes });
    await lambda.idle();
    if (functionError) throw new Error(payload.toString());
    if (round >= 0) samples.push(JSON.parse(payload.toString()));
  }
  return {
    ours: samples.map(({ ours }) => ours),
    socket: samples.map(({ socket }) => socket),
    file: samples.map(({ file }) => file),
  };
}
