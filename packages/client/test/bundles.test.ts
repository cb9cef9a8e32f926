import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startListener } from '@async-http/test-support';
import { build, type Options } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import configurations from '../tsup.config.ts';
import { runProgram } from './run-program.ts';

// What functions are made of: the built package, bundled and minified as their tools do it.

const ROOT = join(import.meta.dirname, '..');
let project: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'async-http-bundles-'));
  const installed = join(project, 'node_modules/@async-http/client');
  mkdirSync(installed, { recursive: true });
  copyFileSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  for (const configuration of configurations as Options[]) {
    const entry = entriesOf(configuration);
    await build({
      ...configuration,
      entry,
      outDir: join(installed, 'dist'),
      dts: false,
      config: false,
      silent: true,
    });
  }
}, 60_000);
afterAll(() => rmSync(project, { recursive: true }));

/** By absolute paths, since tests run elsewhere. */
function entriesOf({ entry }: Options): Record<string, string> {
  const sources = (entry as string[]).map((source) => [
    source.replace(/^src\/(.+)\.ts$/, '$1'),
    join(ROOT, source),
  ]);
  return Object.fromEntries(sources);
}

/** The bundle of a handler's file, and how many bytes it has. */
async function bundleOf(contents: string) {
  const entry = join(project, 'handler.mjs');
  const outDir = join(project, 'bundle');
  writeFileSync(entry, contents);
  await build({
    entry: [entry],
    outDir,
    format: 'esm',
    target: 'node22',
    minify: true,
    noExternal: [/./],
    outExtension: () => ({ js: '.mjs' }),
    config: false,
    silent: true,
  });
  const path = join(outDir, 'handler.mjs');
  return { bytes: statSync(path).size, path };
}

/** What a function of this bundle rings while it loads. */
async function rungBy(path: string): Promise<string[]> {
  const listener = startListener();
  const runtime = `
    globalThis.awslambda = { InvokeStore: { getRequestId: () => '-', run: (_context, fn) => fn() } };
    await import('${path}');
  `;
  const { output } = await runProgram(runtime, {
    env: { ...listener.env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', _HANDLER: 'handler.handler' },
  });
  expect(output).toBe('');
  return listener.lines();
}

const ANNOUNCED = [expect.stringMatching(/^A 2 \d+\.0 sees-ends$/)];
const importing = (name: string) =>
  `import { ${name} } from '@async-http/client'; export const handler = (...values) => ${name}(...values);`;

describe('a function that imports one thing', () => {
  it.each([
    ['waitUntil', 10_400],
    ['withWaitUntil', 5_900],
    ['sendArgs', 24_000],
  ])(
    'is announced while it loads, and carries nothing that %s does not need',
    async (name, limit) => {
      const { bytes, path } = await bundleOf(importing(name));

      expect(bytes).toBeLessThanOrEqual(limit);
      expect(await rungBy(path)).toEqual(ANNOUNCED);
    },
  );

  it.each([
    'NonRetriableError',
    'RetryAfterError',
    'PayloadInvalidError',
    'ExtensionUnreachableError',
    'isAsyncHttpError',
  ])('drops all the rest when that is about errors: %s', async (name) => {
    const { bytes, path } = await bundleOf(importing(name));

    expect(bytes).toBeLessThanOrEqual(1_200);
    expect(await rungBy(path)).toEqual([]);
  });

  it('is announced by register, which nobody imports anything from', async () => {
    const { bytes, path } = await bundleOf(`import '@async-http/client/register';`);

    expect(bytes).toBeLessThanOrEqual(14_900);
    expect(await rungBy(path)).toEqual(ANNOUNCED);
  });
});

it.each([
  ['sendArgs', importing('sendArgs')],
  ['register', `import '@async-http/client/register'; export const handler = () => {};`],
])('loads nothing of Node.js but what the runtime client has loaded: %s', async (_name, source) => {
  const { path } = await bundleOf(source);
  const program = `
      const load = process.getBuiltinModule('node:module').createRequire('/');
      ['http', 'net', 'fs', 'path'].forEach(load);
      new (load('async_hooks').AsyncLocalStorage)();
      await import('data:text/javascript,');
      const before = new Set(process.moduleLoadList);
      await import('${path}');
      console.log(process.moduleLoadList.filter((loaded) => !before.has(loaded)).join());
    `;

  expect((await runProgram(program)).output).toBe('\n');
});

it('the package is small to install, and brings nothing along', () => {
  const files = readdirSync(join(project, 'node_modules/@async-http/client/dist'), {
    recursive: true,
    withFileTypes: true,
  }).filter((file) => file.isFile());
  const bytes = files.reduce(
    (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
    0,
  );
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  expect(files.filter(({ name }) => name.endsWith('.map'))).toEqual([]);
  expect(bytes).toBeLessThanOrEqual(279_000); // The types have about 110 kB more, the README and the rest 25.
  expect(dependencies).toBeUndefined();
});
