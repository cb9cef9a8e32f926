import { settle } from './clock.ts';

type Sources<Name extends string> = Readonly<Record<Name, () => Promise<number>>>;

/**
 * Takes one sample of each source in turn, `rounds` times, so that a busy moment of the machine hits
 * all of them alike. Who goes first changes from round to round.
 */
export async function interleave<Name extends string>(
  {
    rounds,
    warmUp = 0,
  }: { rounds: number /** Rounds whose samples are dropped. */; warmUp?: number },
  sources: Sources<Name>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sources) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let round = -warmUp; round < rounds; round += 1) {
    const first = Math.abs(round) % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      await settle();
      const sample = await sources[name]();
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}
