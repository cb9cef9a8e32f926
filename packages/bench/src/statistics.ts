/**
 * The value that `percent` of the samples do not exceed: always one of the samples (nearest rank).
 *
 * @throws {RangeError} when there are no samples.
 */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError('There are no samples.');
  return value;
}
