// npm start: from a fresh clone to a local Lambda that answers requests.

import { existsSync } from 'node:fs';
import { bootstrap, build, root } from './bootstrap.js';
import { run } from './child-process.js';

const LAYER = 'packages/layer-builder/dist/layer.zip';
const EMULATOR = 'packages/emulator/dist/cli.js';
const EXAMPLE = 'examples/serverless-framework/serverless.yml';

try {
  console.log('async-http: reply now, finish later, on a local Lambda.\n');
  const { node } = await bootstrap();
  await build();
  if (!existsSync(`${root}${LAYER}`)) {
    throw new Error(
      `The build ended without ${LAYER}. Run "npx --yes pnpm build" to see what it did.`,
    );
  }
  console.log(`  Starting the local Lambda on ${EXAMPLE} …`);
  const more = process.argv.slice(2);
  process.exitCode = await run(node, [EMULATOR, 'dev', EXAMPLE, '--request', ...more], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
} catch (error) {
  console.error(`\nnpm start: ${error.message}`);
  process.exitCode = 1;
}
