import { expect, it } from 'vitest';
import { fuzzLogs } from '../support/fuzz-logs.ts';

// A million of them: `pnpm --filter @async-http/extension run fuzz`
it('a damaged log or bell crashes nothing, loses nothing that is whole, and runs nothing else', () => {
  const seen = fuzzLogs(5_000, Date.now());

  // So that it has tried both.
  expect(seen.intact).toBeGreaterThan(1_000);
  expect(seen.damaged).toBeGreaterThan(1_000);
});
