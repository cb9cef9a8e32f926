// npm run pack: the packages as npm would publish them, for projects outside this clone.

import { rmSync } from 'node:fs';
import { bootstrap, build, pnpmStep, root } from './bootstrap.js';

const FOLDER = `${root}packs`;

/**
 * What projects install, by folder. npm needs none of ours from its registry when all of them are given. The construct
 * is in a separate folder, because npm installs all of aws-cdk-lib with it.
 */
const PACKAGES = {
  [FOLDER]: ['client', 'proxy', 'extension', 'layer-builder', 'emulator', 'cli'],
  [`${FOLDER}/cdk`]: ['cdk'],
};

try {
  rmSync(FOLDER, { recursive: true, force: true });
  await bootstrap();
  await build();
  for (const [folder, names] of Object.entries(PACKAGES)) {
    const filters = names.flatMap((name) => ['--filter', `./packages/${name}`]);
    await pnpmStep(`Packing ${names.join(', ')}`, [
      '--recursive',
      ...filters,
      'pack',
      '--pack-destination',
      folder,
    ]);
  }
  console.log(`\nIn a project: npm install ${FOLDER}/*.tgz`);
  console.log(`In one for the AWS CDK: npm install ${FOLDER}/*.tgz ${FOLDER}/cdk/*.tgz`);
} catch (error) {
  console.error(`\nnpm run pack: ${error.message}`);
  process.exitCode = 1;
}
