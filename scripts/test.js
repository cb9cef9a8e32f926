// npm test: everything that has to be green, from a fresh clone. CI runs exactly this.

import { rmSync } from 'node:fs';
import { bootstrap, pnpm, root } from './bootstrap.js';

try {
  // So that a run that ends before the tests is not taken for the one before it.
  rmSync(`${root}.vitest/report.json`, { force: true });
  await bootstrap();
  process.exitCode = await pnpm(['check'], { stdio: ['ignore', 'inherit', 'inherit'] });
} catch (error) {
  console.error(`\nnpm test: ${error.message}`);
  process.exitCode = 1;
}
