import { expect, it } from 'vitest';
import { readHostileInputs } from './hostile-inputs.ts';

// `pnpm --filter @async-http/client run fuzz` has a million of them, and measures the memory.
it('lines and heads of any form are refused, or read as what was meant: 60,000 hostile inputs', () => {
  const { rings, heads } = readHostileInputs(60_000, 8);

  // Otherwise nothing has been tested.
  for (const { accepted, refused } of [rings, heads]) {
    expect(accepted).toBeGreaterThan(5_000);
    expect(refused).toBeGreaterThan(5_000);
  }
});
