import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProjectFile, readProject } from '../../src/project/read-project.ts';
import { projectFolder } from '../project/project-folder.ts';
import { inTask } from '../support/start.ts';
import { zip } from '../support/zip.ts';
import { copyOf, resultOf, startFunctionOf } from './start-function.ts';

/** A serverless.yml with the handler `app.handler` of that file. */
const serverless = (settings: string, app: string, files: Record<string, string> = {}) =>
  projectFolder({
    'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x }
functions: { app: { handler: app.handler } }
${settings}`,
    'app.js': app,
    'package.json': '{}',
    ...files,
  });

const resultOfApp = async (folder: string) => resultOf(await startFunctionOf(folder, 'app'));

describe('JavaScript', () => {
  const RETURNS_FILENAME = 'exports.handler = async () => __filename;';

  it.each([
    ['serverless-esbuild', 'plugins: [serverless-esbuild]'],
    ['serverless-esbuild in a list of modules', 'plugins: { modules: [serverless-esbuild] }'],
    ['serverless-webpack', 'plugins: [serverless-webpack]'],
    ['serverless-plugin-optimize', 'plugins: [serverless-plugin-optimize]'],
    ['serverless-bundle', 'plugins: [serverless-bundle]'],
    ['Serverless Framework v4', 'build: { esbuild: true }'],
  ])('is bundled for %s', async (_, settings) => {
    expect(await resultOfApp(serverless(settings, RETURNS_FILENAME))).toEqual(inTask('app.cjs'));
  });

  it.each([
    ['nothing about it', ''],
    ['serverless-plugin-typescript', 'plugins: [serverless-plugin-typescript]'],
    ['esbuild: false', 'build: { esbuild: false }'],
  ])('runs unbundled when the project file says %s', async (_, settings) => {
    expect(await resultOfApp(serverless(settings, RETURNS_FILENAME))).toEqual(inTask('app.js'));
  });

  it('finds packages outside the bundle that serverless-plugin-typescript would leave there', async () => {
    const folder = projectFolder({
      'serverless.yml': `
plugins: [serverless-plugin-typescript]
provider: { name: aws, runtime: nodejs24.x }
functions: { app: { handler: app.handler } }`,
      'app.ts': 'import file from "whereabouts"; export const handler = async () => file;',
      'node_modules/whereabouts/index.js': 'module.exports = __filename;',
    });
    expect(await resultOfApp(folder)).toBe(`${folder}/node_modules/whereabouts/index.js`);
  });
});

describe('the options of esbuild in a serverless.yml', () => {
  const APP = `
    import { which } from 'both';
    export function handlerName() {}
    export const handler = async () => ({
      which,
      value: VALUE,
      number: NUMBER,
      banner: globalThis.banner,
      isMinified: handlerName.name !== 'handlerName',
      isModule: import.meta.filename?.endsWith('/app.mjs'),
      text: (await import('./page.html')).default,
      missing: await import('left-out').catch(({ code }) => code),
      kept: await import('kept').then((kept) => kept.file),
    });
  `;
  const OPTIONS = `
    external: [left-out]
    exclude: [kept]
    format: esm
    target: node22
    platform: node
    minify: true
    sourcemap: false
    packager: npm
    mainFields: [module, main]
    conditions: [special]
    banner: { js: "globalThis.banner = 'hello';" }
    define: { VALUE: "'defined'", NUMBER: 3 }
    loader: { .html: text }`;
  const FILES = {
    'page.html': '<p>',
    'node_modules/both/package.json':
      '{ "exports": { "special": "./special.mjs", "default": "./main.js" } }',
    'node_modules/both/special.mjs': 'export const which = "special";',
    'node_modules/both/main.js': 'exports.which = "main";',
    'node_modules/kept/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/kept/index.js': 'export const file = import.meta.filename;',
  };

  it.each([
    [
      'custom.esbuild of serverless-esbuild',
      `plugins: [serverless-esbuild]\ncustom:\n  esbuild:${OPTIONS}`,
    ],
    ['build.esbuild of Serverless Framework v4', `build:\n  esbuild:${OPTIONS}`],
  ])('are those of %s', async (_, settings) => {
    const folder = serverless(settings, APP, FILES);

    expect(await resultOfApp(folder)).toEqual({
      which: 'special',
      value: 'defined',
      number: 3,
      banner: 'hello',
      isMinified: true,
      isModule: true,
      text: '<p>',
      missing: 'ERR_MODULE_NOT_FOUND',
      kept: `${folder}/node_modules/kept/index.js`,
    });
  });

  it('may be in a file, with plugins in another', async () => {
    const folder = serverless(
      `
plugins: [serverless-esbuild]
custom: { esbuild: { config: ./esbuild.config.js, plugins: ./plugins.cjs } }`,
      'import answer from "virtual:answer"; export const handler = async () => answer + MORE;',
      {
        'esbuild.config.js': 'module.exports = () => ({ define: { MORE: "2" } });',
        'plugins.cjs': `module.exports = [{ name: 'virtual', setup(build) {
          build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: 'virtual' }));
          build.onLoad({ filter: /./, namespace: 'virtual' }, () => ({ contents: 'export default 40' }));
        } }];`,
      },
    );
    expect(await resultOfApp(folder)).toBe(42);
  });

  it('fail as at a deploy: an ES module gets no require that the file does not give it', async () => {
    const folder = serverless(
      'plugins: [serverless-esbuild]\ncustom: { esbuild: { format: esm } }',
      'export const handler = async () => require("node:path").sep;',
    );
    const { payload } = await (await startFunctionOf(folder, 'app')).invoke({});
    expect(payload.toString()).toContain('Dynamic require of');
  });
});

describe('packages that are not installed', () => {
  it('are left out when a dependency wants them, as it may do without', async () => {
    const folder = serverless(
      'plugins: [serverless-esbuild]',
      'export const handler = async () => require("driver");',
      {
        'node_modules/driver/index.js':
          'exports.kinds = ["a", "b"].filter((kind) => kind === "a" || require("optional-b"));',
      },
    );
    const { payload } = await (await startFunctionOf(folder, 'app')).invoke({});
    expect(payload.toString()).toContain("Cannot find module 'optional-b'");
  });

  it('come from a layer at run time when the function has one', async () => {
    const folder = projectFolder({
      'serverless.yml': `
plugins: [serverless-esbuild]
provider: { name: aws, runtime: nodejs24.x, layers: [./layer] }
functions: { app: { handler: app.handler } }`,
      'app.js':
        'import { sendArgs } from "@async-http/client"; export const handler = async () => sendArgs();',
      'layer/nodejs/node_modules/@async-http/client/index.js': 'exports.sendArgs = () => "layer";',
    });
    expect(await resultOfApp(folder)).toBe('layer');
  });
});

describe('a package that somebody has made', () => {
  const PACKAGE = zip([{ name: 'app.js', content: 'exports.handler = async () => __filename;' }]);

  it.each([
    [
      'the function',
      'functions: { app: { handler: app.handler, package: { artifact: app.zip } } }',
    ],
    ['the service', 'package: { artifact: app.zip }\nfunctions: { app: { handler: app.handler } }'],
  ])('is the code when %s names it as artifact', async (_, settings) => {
    const folder = projectFolder({
      'serverless.yml': `plugins: [serverless-esbuild]\nprovider: { runtime: nodejs24.x }\n${settings}`,
      'app.zip': PACKAGE,
    });
    expect(await resultOfApp(folder)).toEqual(inTask('app.js'));
  });

  it('is the code when the CodeUri of SAM names it', async () => {
    const folder = projectFolder({
      'template.yaml': `
Resources:
  app:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: app.zip, Handler: app.handler, Runtime: nodejs24.x }`,
      'app.zip': PACKAGE,
    });
    expect(await resultOfApp(folder)).toEqual(inTask('app.js'));
  });

  it('that is not a zip file says so', async () => {
    const folder = projectFolder({
      'serverless.yml':
        'provider: { runtime: nodejs24.x }\nfunctions: { app: { handler: app.handler, package: { artifact: app.zip } } }',
      'app.zip': 'text',
    });
    await expect(startFunctionOf(folder, 'app')).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_CODE_UNUSABLE',
      message: `${folder}/app.zip cannot be read as a zip file, so the function has no code and was not started. Package the function again.`,
    });
  });
});

describe('SAM', () => {
  it('bundles with the BuildProperties of a function, and its layers have their BuildMethod', async () => {
    const folder = copyOf('bundled/sam', {
      'tools/node_modules/tool/index.js': 'module.exports = "from the layer";',
    });

    expect(await resultOf(await startFunctionOf(folder, 'Api'))).toEqual({
      tool: 'from the layer',
      text: 'some text',
      stage: 'test',
      banner: 'from the banner',
      isMinified: true,
      isModule: true,
      missing: expect.stringContaining("Cannot find package 'only-in-lambda'"),
    });
  });

  it('says that the packages of a layer are to be installed', () => {
    const { warnings } = readProject(findProjectFile(copyOf('bundled/sam')));
    expect(warnings).toContainEqual(
      expect.stringMatching(/The packages of layer Tools are not installed: run npm install in /),
    );
  });

  const BUILT = {
    '.aws-sam/build/template.yaml': '',
    '.aws-sam/build/Api/app.mjs': 'export const handler = async () => "built";',
    '.aws-sam/build/Tools/nodejs/node_modules/tool/index.js': '',
  };

  it('runs what sam build has left when that is newer than the sources', async () => {
    const folder = copyOf('bundled/sam', BUILT);

    expect(await resultOf(await startFunctionOf(folder, 'Api'))).toBe('built');
    const { warnings, functions } = readProject(findProjectFile(folder));
    expect(warnings.join()).toContain('as sam build left them in .aws-sam/build');
    expect(functions[0]?.layers).toEqual([`${folder}/.aws-sam/build/Tools`]);
  });

  it('bundles again when a source is newer', async () => {
    const folder = copyOf('bundled/sam', {
      ...BUILT,
      'tools/node_modules/tool/index.js': '',
      'api/src/text.txt': 'newer',
    });
    utimesSync(join(folder, '.aws-sam/build/template.yaml'), 1, 1);
    expect(await resultOf(await startFunctionOf(folder, 'Api'))).toMatchObject({ text: 'newer' });
  });

  it('builds nothing of a template that is a build', async () => {
    const folder = copyOf('bundled/sam', {
      ...BUILT,
      '.aws-sam/build/template.yaml': `
Resources:
  Api:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild }
    Properties: { CodeUri: Api, Handler: app.handler, Runtime: nodejs24.x }`,
    });
    expect(await resultOf(await startFunctionOf(`${folder}/.aws-sam/build`, 'Api'))).toBe('built');
  });
});
