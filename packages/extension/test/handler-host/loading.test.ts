import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Host } from '../fixtures/host.ts';
import { EVERY_NODE_PROGRAM } from '../fixtures/node-programs.ts';

const CJS = "exports.handler = async () => 'CommonJS';";
const ESM = "export const handler = async () => 'ES module';";
const TYPE_MODULE = '{"type":"module"}';

/** What the files of a function are, what ASYNC_HANDLER says, and what is found: `result`, or the type of the error. */
interface Case {
  what: string;
  files: Record<string, string>;
  handler: string;
  found: string;
}

const ALWAYS: Case[] = [
  { what: '.js', files: { 'index.js': CJS }, handler: 'index.handler', found: 'CommonJS' },
  { what: '.cjs', files: { 'index.cjs': CJS }, handler: 'index.handler', found: 'CommonJS' },
  { what: '.mjs', files: { 'index.mjs': ESM }, handler: 'index.handler', found: 'ES module' },
  {
    what: '.js of type module',
    files: { 'index.js': ESM, 'package.json': TYPE_MODULE },
    handler: 'index.handler',
    found: 'ES module',
  },
  {
    what: '.js of type module, said by a folder above',
    files: { 'a/b/index.js': ESM, 'package.json': TYPE_MODULE },
    handler: 'a/b/index.handler',
    found: 'ES module',
  },
  {
    what: '.js before .mjs',
    files: { 'index.js': CJS, 'index.mjs': ESM },
    handler: 'index.handler',
    found: 'CommonJS',
  },
  {
    what: '.mjs before .cjs',
    files: { 'index.cjs': CJS, 'index.mjs': ESM },
    handler: 'index.handler',
    found: 'ES module',
  },
  {
    what: 'a path of exports',
    files: { 'index.js': "exports.a = { b: { c: async () => 'deep' } };" },
    handler: 'index.a.b.c',
    found: 'deep',
  },
  {
    what: 'an absolute path',
    files: { 'elsewhere/index.js': CJS },
    handler: '<root>/elsewhere/index.handler',
    found: 'CommonJS',
  },
  {
    what: 'a package',
    files: { 'node_modules/jobs/index.js': CJS },
    handler: 'jobs.handler',
    found: 'CommonJS',
  },
  {
    what: 'top-level await',
    files: { 'index.mjs': `await null; ${ESM}` },
    handler: 'index.handler',
    found: 'ES module',
  },
  {
    what: 'the short form, module.exports',
    files: { 'jobs/report.js': "module.exports = async () => 'short';" },
    handler: 'jobs/report',
    found: 'short',
  },
  {
    what: 'the short form, export default',
    files: { 'jobs/report.mjs': "export default async () => 'short';" },
    handler: 'jobs/report',
    found: 'short',
  },
  {
    what: 'the short form, export default compiled to CommonJS',
    files: {
      'report.js':
        "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = async () => 'short';",
    },
    handler: 'report',
    found: 'short',
  },
  {
    what: 'nothing for a missing export',
    files: { 'index.js': CJS },
    handler: 'index.nope',
    found: 'Runtime.HandlerNotFound',
  },
  {
    what: 'nothing above the task root',
    files: {},
    handler: 'a/../../index.handler',
    found: 'Runtime.MalformedHandlerName',
  },
];

const FOLDER = { files: { 'index/index.js': CJS }, handler: 'index.handler' };
const ON_FUNCTION = {
  files: {
    'index.js': "const fn = () => {}; fn.handler = async () => 'property'; module.exports = fn;",
  },
  handler: 'index.handler',
};
const COMPUTED = {
  files: {
    'index.js': "const all = { handler: async () => 'computed' }; module.exports = { ...all };",
  },
  handler: 'index.handler',
};
const NO_TYPE = { files: { 'index.js': ESM }, handler: 'index.handler' };

const UP_TO_22: Case[] = [
  { what: 'a folder of that name', ...FOLDER, found: 'CommonJS' },
  { what: 'a property of an exported function', ...ON_FUNCTION, found: 'property' },
  { what: 'exports that are computed', ...COMPUTED, found: 'computed' },
  { what: 'no ES module in .js without a type', ...NO_TYPE, found: 'Runtime.UserCodeSyntaxError' },
];

const FROM_24: Case[] = [
  { what: 'no folder of that name', ...FOLDER, found: 'Error' },
  { what: 'no property of an exported function', ...ON_FUNCTION, found: 'Runtime.HandlerNotFound' },
  { what: 'exports that are computed', ...COMPUTED, found: 'computed' },
  { what: 'an ES module in .js without a type', ...NO_TYPE, found: 'ES module' },
];

describe.each(EVERY_NODE_PROGRAM)('a handler string on Node.js $major finds', (node) => {
  const cases = [...ALWAYS, ...(node.major >= 24 ? FROM_24 : UP_TO_22)];

  it.each(cases)('$what', async ({ files, handler, found }) => {
    const root = await taskRoot(files);

    expect(await loadAndRun(node, root, handler.replace('<root>', root))).toBe(found);
  });
});

describe.each(EVERY_NODE_PROGRAM)('on a Managed Instance with Node.js $major', (node) => {
  it('the rules of the newer runtime hold', async () => {
    const root = await taskRoot(ON_FUNCTION.files);
    const env = { AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances' };

    expect(await loadAndRun(node, root, ON_FUNCTION.handler, env)).toBe('Runtime.HandlerNotFound');
  });
});

describe.each(EVERY_NODE_PROGRAM)('an import on Node.js $major', (node) => {
  const files = {
    'index.mjs': "import { name } from 'tool'; export const handler = async () => name;",
  };
  const layer = {
    'nodejs/node_modules/tool/package.json':
      '{"name":"tool","exports":{"import":"./esm.mjs","require":"./cjs.cjs"}}',
    'nodejs/node_modules/tool/esm.mjs': "export const name = 'ES module of a layer';",
    'nodejs/node_modules/tool/cjs.cjs': "exports.name = 'CommonJS of a layer';",
  };

  it('finds packages in the folders of NODE_PATH, as on Lambda', async () => {
    const opt = await taskRoot(layer);
    const env = { NODE_PATH: `/nowhere/node_modules:${opt}/nodejs/node_modules` };

    expect(await loadAndRun(node, await taskRoot(files), 'index.handler', env)).toBe(
      'ES module of a layer',
    );
  });

  it('finds files and CommonJS packages in folders of any name there', async () => {
    const opt = await taskRoot({ 'shared/tool.js': "exports.name = 'a shared file';" });
    const env = { NODE_PATH: `${opt}/shared` };

    expect(await loadAndRun(node, await taskRoot(files), 'index.handler', env)).toBe(
      'a shared file',
    );
  });

  it('prefers the packages of the function', async () => {
    const opt = await taskRoot(layer);
    const root = await taskRoot({
      ...files,
      'node_modules/tool/index.mjs': "export const name = 'of the function';",
      'node_modules/tool/package.json': '{"name":"tool","exports":"./index.mjs"}',
    });
    const env = { NODE_PATH: `${opt}/nodejs/node_modules` };

    expect(await loadAndRun(node, root, 'index.handler', env)).toBe('of the function');
  });

  it('leaves require() unchanged', async () => {
    const opt = await taskRoot(layer);
    const root = await taskRoot({
      'index.js': "const { name } = require('tool'); exports.handler = async () => name;",
    });
    const env = { NODE_PATH: `${opt}/nodejs/node_modules` };

    expect(await loadAndRun(node, root, 'index.handler', env)).toBe('CommonJS of a layer');
  });

  it('fails in the words of Node.js when nobody has the package', async () => {
    const host = new Host({
      node,
      env: { LAMBDA_TASK_ROOT: await taskRoot(files), NODE_PATH: '/proc/nowhere' },
    });
    host.send({ type: 'load', handler: 'index.handler', preloads: [] });

    expect((await host.next('load-failed')).error.errorMessage).toMatch(
      /^Cannot find package 'tool' imported from .*index\.mjs$/,
    );
  });
});

/** A folder with these files, removed with the test. */
async function taskRoot(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'async-http-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

async function loadAndRun(
  node: (typeof EVERY_NODE_PROGRAM)[number],
  root: string,
  handler: string,
  env: NodeJS.ProcessEnv = {},
): Promise<unknown> {
  const host = new Host({ node, env: { LAMBDA_TASK_ROOT: root, ...env } });
  host.send({ type: 'load', handler, preloads: [] });
  const { message } = await host.report();
  return message.type === 'load-failed' ? message.error.errorType : host.run({});
}
