import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Our packages resolve to their TypeScript sources, so unit tests never need a build first.
const conditions = ['@async-http/source', 'module', 'node', 'default'];

const cache = fileURLToPath(new URL('.vitest/cache', import.meta.url));

/** Two cores: more files at once only make real processes wait for each other. They come after the rest. */
const BUSY = { maxWorkers: 2, sequence: { groupOrder: 1 } };

/** Wait for events for half of their time, so that two files at once leave a core idle. */
const WAITING = { maxWorkers: 3, sequence: { groupOrder: 0 } };

const project = (name: string) => ({
  root: `packages/${name}`,
  test: {
    name,
    env: {
      // What the emulator keeps of layers stays in the checkout.
      XDG_CACHE_HOME: cache,
      // Programs that tests start from TypeScript: Node.js compiles each file once, which takes most of their start.
      NODE_COMPILE_CACHE: `${cache}/node`,
    },
    include: ['test/**/*.test.ts'],
    ...(name === 'e2e' ? BUSY : WAITING),
  },
});

// Written inline: projects given as a glob do not inherit the options above.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [
      'client',
      'proxy',
      'extension',
      'layer-builder',
      'cdk',
      'emulator',
      'create-async-http',
      'docs',
      'cli',
      'e2e',
    ].map(project),
    // A machine whose cores are busy four times over takes that long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A separate worker for each file would cost half a CPU second; what tests change, they put back.
    isolate: false,
    // Of the files of each project, and of what runs in the process of a test: programs that tests start are not counted.
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html', 'lcov'],
    },
    // Of the tests that say so: they wait for deadlines most of the time.
    maxConcurrency: 4,
  },
});
