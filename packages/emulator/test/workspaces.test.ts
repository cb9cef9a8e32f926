import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectFolder } from './project/project-folder.ts';
import { folder as layerFolder } from './support/layer.ts';
import { isolations, runtimes, start } from './support/start.ts';

const CODE = {
  'packages/api/package.json': '{ "name": "api" }',
  'packages/api/index.js': `
    exports.handler = async () => [require('dep'), (await import('esm-dep')).default, require('shared')];`,
  'packages/api/module.mjs': `
    import dep from 'dep';
    import esm from 'esm-dep';
    import shared from 'shared';
    export const handler = async () => [dep, esm, shared];`,
  'packages/shared/package.json': '{ "name": "shared" }',
  'packages/shared/index.js': 'module.exports = "shared, " + require("inner");',
};
const DEP = 'module.exports = "dep, " + require("inner");';
const INNER = 'module.exports = "inner";';
const ESM = { 'package.json': '{ "type": "module", "exports": "./index.js" }' };
const ESM_INDEX = 'import inner from "inner"; export default "esm, " + inner;';
const ALL = ['dep, inner', 'esm, inner', 'shared, inner'];

type Files = Readonly<Record<string, string>>;

/** Every package in its own folder below node_modules/.pnpm, and relative links to them. */
function pnpmWorkspace(create: (files: Files) => string): string {
  const store = (name: string) => `node_modules/.pnpm/${name}@1.0.0/node_modules/${name}`;
  const folder = create({
    ...CODE,
    'package.json': '{}',
    'pnpm-workspace.yaml': 'packages: [packages/*]',
    [`${store('dep')}/index.js`]: DEP,
    [`${store('esm-dep')}/package.json`]: ESM['package.json'],
    [`${store('esm-dep')}/index.js`]: ESM_INDEX,
    [`${store('inner')}/index.js`]: INNER,
  });
  const link = (from: string, to: string) => {
    mkdirSync(dirname(join(folder, from)), { recursive: true });
    symlinkSync(relative(dirname(from), to), join(folder, from));
  };
  for (const name of ['dep', 'esm-dep']) {
    link(`packages/api/node_modules/${name}`, store(name));
    link(`node_modules/.pnpm/${name}@1.0.0/node_modules/inner`, store('inner'));
  }
  link('packages/api/node_modules/shared', 'packages/shared');
  link('packages/shared/node_modules/inner', store('inner'));
  return folder;
}

/** All packages at the top, with links to those of the workspace, as npm and yarn do it. */
function hoistedWorkspace(create: (files: Files) => string): string {
  const folder = create({
    ...CODE,
    'package.json': '{ "workspaces": ["packages/*"] }',
    'node_modules/dep/index.js': DEP,
    'node_modules/esm-dep/package.json': ESM['package.json'],
    'node_modules/esm-dep/index.js': ESM_INDEX,
    'node_modules/inner/index.js': INNER,
  });
  symlinkSync('../packages/shared', join(folder, 'node_modules/shared'));
  return folder;
}

/** Not below a folder that environments hide, as /tmp is. */
function visibleFolder(files: Files): string {
  const parent = fileURLToPath(new URL('../../../.vitest', import.meta.url));
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'workspace-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

describe.each([
  ['pnpm', pnpmWorkspace],
  ['npm and yarn', hoistedWorkspace],
])('a package of a workspace of %s', (_, workspace) => {
  it.each(runtimes)('finds the packages it depends on, on %s', async (runtime) => {
    for (const handler of ['index.handler', 'module.handler']) {
      const code = join(workspace(visibleFolder), 'packages/api');
      const lambda = await start({ code, handler, runtime });
      const { payload } = await lambda.invoke({});
      expect(JSON.parse(payload.toString())).toEqual(ALL);
    }
  });

  it.each(isolations)(
    'finds them in a folder that environments hide (isolation: %s)',
    async (isolation) => {
      const code = join(workspace(projectFolder), 'packages/api');
      const lambda = await start({ code, isolation });
      const { payload } = await lambda.invoke({});
      expect(JSON.parse(payload.toString())).toEqual(ALL);
    },
  );

  it.each(isolations)(
    'finds them in an extension too, which loads the code that ASYNC_HANDLER names (isolation: %s)',
    async (isolation) => {
      const layer = await layerFolder({
        'extensions/loader': `#!/usr/bin/env node
const { createRequire } = require('node:module');
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension';
(async () => {
  const headers = { 'lambda-extension-name': 'loader' };
  const { headers: answer } = await fetch(api + '/register', { method: 'POST', headers, body: '{"events":["INVOKE"]}' });
  console.log('loaded ' + createRequire('/var/task/index.js')('dep'));
  for (;;) await fetch(api + '/event/next', { headers: { 'lambda-extension-identifier': answer.get('lambda-extension-identifier') } });
})();
`,
      });
      const code = join(workspace(projectFolder), 'packages/api');
      const environment = { ASYNC_HANDLER: 'index.handler' };
      const lambda = await start({ code, layers: [layer], environment, isolation });

      await lambda.invoke({});

      await lambda.line(/loaded dep, inner/);
    },
  );
});

it('a package that is nowhere is missing as in Lambda', async () => {
  const code = join(
    hoistedWorkspace((files) =>
      projectFolder({ ...files, 'packages/api/index.js': 'require("nowhere");' }),
    ),
    'packages/api',
  );
  const { payload } = await (await start({ code })).invoke({});
  expect(JSON.parse(payload.toString())).toMatchObject({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: expect.stringContaining("Cannot find module 'nowhere'"),
  });
});
