import { distance } from 'fastest-levenshtein';

const MAX_DISTANCE = 2;

/** The known name that this one was probably meant to be; undefined when none is close. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const best = known
    .map((candidate) => ({
      candidate,
      distance: distance(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  // In a short name, two letters are most of it: `vpc` is not a misspelt `url`.
  const limit = Math.min(MAX_DISTANCE, Math.floor(name.length / 3));
  return best && best.distance <= limit ? best.candidate : undefined;
}
