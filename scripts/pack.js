// npm run pack: the packages as npm would publish them, for projects outside this clone.

import { rmSync } from 'node:fs';
import { bootstrap, build, pnpmStep, root } from './bootstrap.js';

/** Those that projects install. npm needs none of ours from its registry when all of them are given. */
const PACKAGES = ['client', 'proxy', 'extension', 'layer-builder', 'emulator', 'cli'];
const FOLDER = `${root}packs`;

try {
  rmSync(FOLDER, { recursive: true, force: true });
  await bootstrap();
  await build();
  const filters = PACKAGES.flatMap((name) => ['--filter', `./packages/${name}`]);
  await pnpmStep('Packing', ['--recursive', ...filters, 'pack', '--pack-destination', FOLDER]);
  console.log(`\nIn a project: npm install ${FOLDER}/*.tgz`);
} catch (error) {
  console.error(`\nnpm run pack: ${error.message}`);
  process.exitCode = 1;
}
