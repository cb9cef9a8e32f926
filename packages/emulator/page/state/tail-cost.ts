/**
 * 1 GB-second on x86 in us-east-1, in USD, as found in 2026, without free tier and volume discounts.
 *
 * @see https://aws.amazon.com/lambda/pricing/ and docs/costs.md, which has the same figure
 */
export const USD_PER_GB_SECOND = 0.0000166667;

/** What a million tails of this length add to the bill, in USD. */
export function tailCostPerMillion(tailMs: number, memoryMiB: number): number {
  return (tailMs / 1_000) * (memoryMiB / 1_024) * USD_PER_GB_SECOND * 1_000_000;
}
