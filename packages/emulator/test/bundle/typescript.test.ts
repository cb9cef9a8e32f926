import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/index.ts';
import { fixture, inTask, isolations, runtimes, start } from '../support/start.ts';
import { copyOf, resultOf, startFunctionOf } from './start-function.ts';

const PROJECT = fixture('bundled/typescript');

describe('a TypeScript handler', () => {
  it.each(runtimes)('runs on %s, with the path aliases of its tsconfig.json', async (runtime) => {
    const lambda = await startFunctionOf(PROJECT, 'ts', { runtime });

    expect(await resultOf(lambda, { name: 'joe' })).toEqual({
      text: 'hello joe',
      tone: 'kind',
      node: runtime.replace(/^nodejs(\d+)\.x$/, 'v$1'),
    });
  });

  it.each(runtimes)('is an ES module when it ends in .mts, on %s', async (runtime) => {
    const lambda = await startFunctionOf(PROJECT, 'mts', { runtime });
    expect(fileURLToPath(String(await resultOf(lambda)))).toEqual(inTask('src/mts.mjs'));
  });

  it('is CommonJS when it ends in .cts', async () => {
    expect(await resultOf(await startFunctionOf(PROJECT, 'cts'))).toEqual(inTask('src/cts.cjs'));
  });

  it('may set exports beside imports and exports, as tsc allows', async () => {
    const folder = copyOf('bundled/typescript', {
      'src/ts.ts':
        'import { sep } from "node:path"; exports.handler = async () => sep; export const other = 1;',
    });
    const warnings: string[] = [];
    const lambda = await startFunctionOf(folder, 'ts', {
      onWarning: (warning) => warnings.push(warning),
    });
    expect(await resultOf(lambda)).toBe('/');
    expect(warnings).toEqual([]);
  });

  it('may contain JSX', async () => {
    expect(await resultOf(await startFunctionOf(PROJECT, 'tsx'))).toBe('<p>hello</p>');
  });

  it('is an ES module in a package of that type, with CommonJS packages in it', async () => {
    const folder = copyOf('bundled/typescript', {
      'package.json': '{ "type": "module" }',
      'node_modules/legacy/index.js': 'module.exports = require("node:path").sep;',
      'src/ts.ts':
        'import sep from "legacy"; export const handler = async () => [sep, import.meta.filename];',
    });

    expect(await resultOf(await startFunctionOf(folder, 'ts'))).toEqual([
      '/',
      inTask('src/ts.mjs'),
    ]);
  });

  it.each(runtimes)('may have a folder of its name beside it, on %s', async (runtime) => {
    const folder = copyOf('bundled/typescript', {
      'src/ts/text.ts': 'export const text = "from the folder";',
      'src/ts.ts': 'import { text } from "./ts/text"; export const handler = async () => text;',
    });

    const lambda = await startFunctionOf(folder, 'ts', { runtime });

    expect(await resultOf(lambda)).toBe('from the folder');
  });

  it('is left alone when it has been compiled and no bundler is named', async () => {
    const folder = copyOf('bundled/typescript', {
      'src/ts.js': 'exports.handler = async () => "compiled";',
    });
    expect(await resultOf(await startFunctionOf(folder, 'ts'))).toBe('compiled');
  });

  it.each(runtimes)('shows its own lines in stacks, on %s', async (runtime) => {
    const lambda = await startFunctionOf(PROJECT, 'fails', { runtime });

    const { payload } = await lambda.invoke({ id: '7' });

    const { errorMessage, trace } = JSON.parse(payload.toString());
    expect(errorMessage).toBe('no order 7');
    expect(trace.slice(1, 3)).toEqual([
      `    at load (${PROJECT}/src/fails.ts:6:9)`,
      expect.stringContaining(`${PROJECT}/src/fails.ts:10:`),
    ]);
  });

  it('keeps the NODE_OPTIONS of the function', async () => {
    const lambda = await startFunctionOf(PROJECT, 'fails');
    expect(await resultOf(lambda, 'options')).toBe('--no-deprecation');
  });

  it.each(isolations)(
    'finds the files of the code folder where they are after a deploy (isolation: %s)',
    async (isolation) => {
      for (const folder of [PROJECT, copyOf('bundled/typescript')]) {
        const lambda = await startFunctionOf(folder, 'files', { isolation });
        expect(await resultOf(lambda)).toEqual(['a template', 'beside', 'export const']);
      }
    },
  );

  it('runs in tests with startLambda() and what readProject() knows of it', async () => {
    const [definition] = readProject(`${PROJECT}/serverless.yml`).functions;
    if (!definition) throw new Error('the project has no function');
    const lambda = await start(definition);
    const { payload } = await lambda.invoke({ name: 'joe' });
    expect(JSON.parse(payload.toString())).toMatchObject({ text: 'hello joe' });
  });

  it('is bundled too when ASYNC_HANDLER names it', async () => {
    expect(await resultOf(await startFunctionOf(PROJECT, 'jobs'))).toBe('hello job');
  });
});

describe('esbuild', () => {
  const OWN = `
    const real = require(${JSON.stringify(import.meta.resolve('esbuild').replace('file://', ''))});
    module.exports = { ...real, context: (options) => real.context({ ...options, define: { OWN: '"own"' } }) };
  `;
  const files = { 'src/ts.ts': 'export const handler = async () => OWN;' };

  it('is that of the project when it has one', async () => {
    const folder = copyOf('bundled/typescript', { ...files, 'node_modules/esbuild/index.js': OWN });
    expect(await resultOf(await startFunctionOf(folder, 'ts'))).toBe('own');
  });

  it('is that of the emulator when the project has one that cannot rebuild', async () => {
    const folder = copyOf('bundled/typescript', {
      ...files,
      'node_modules/esbuild/index.js': 'exports.build = () => { throw new Error("too old"); };',
      'src/ts.ts': 'export const handler = async (): Promise<string> => "built";',
    });
    expect(await resultOf(await startFunctionOf(folder, 'ts'))).toBe('built');
  });

  it('is not loaded when there is nothing to bundle', async () => {
    const folder = copyOf('bundled/typescript', {
      'node_modules/esbuild/index.js': 'globalThis.isEsbuildLoaded = true;',
      'src/ts.js': 'exports.handler = async () => "compiled";',
    });
    expect(await resultOf(await startFunctionOf(folder, 'ts'))).toBe('compiled');
    expect(globalThis).not.toHaveProperty('isEsbuildLoaded');
  });
});
