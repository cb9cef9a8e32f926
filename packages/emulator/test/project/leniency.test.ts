// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the variables of project files.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProjectFile, readProject } from '../../src/project/read-project.ts';
import { resultOf, startFunctionOf } from '../bundle/start-function.ts';
import { inTask } from '../support/start.ts';
import { projectFolder } from './project-folder.ts';

/** The project of a folder with these files and the handler `index.handler`. */
function read(files: Record<string, string>, env: Record<string, string> = {}) {
  const folder = projectFolder({ 'index.js': '', ...files });
  return readProject(findProjectFile(folder), { env });
}

const PROVIDER = 'provider: { name: aws, runtime: nodejs24.x }';
const ORDER = 'functions: { order: { handler: index.handler } }';

describe('a serverless.yml', () => {
  it.each([
    ['its default', {}, {}, 'shop-dev-order'],
    ['the environment', {}, { STAGE: 'test' }, 'shop-test-order'],
    ['.env', { '.env': 'STAGE=local' }, {}, 'shop-local-order'],
  ])('may take its stage from a variable: %s', (_, files, env, name) => {
    const yaml = `
service: shop
provider: { name: aws, runtime: nodejs24.x, stage: "\${env:STAGE, 'dev'}" }
${ORDER}`;
    const { functions } = read({ 'serverless.yml': yaml, ...files }, env);
    expect(functions[0]?.deployedName).toBe(name);
  });

  it('may name its service in a map', () => {
    const { functions } = read({
      'serverless.yml': `service: { name: shop }\n${PROVIDER}\n${ORDER}`,
    });
    expect(functions[0]?.deployedName).toBe('shop-dev-order');
  });

  it('may have a key twice: the last one counts, and a warning says where', () => {
    const project = read({
      'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x, timeout: 1 }
functions:
  order:
    handler: gone.handler
    timeout: 2
    handler: index.handler`,
    });
    expect(project.functions).toMatchObject([{ handler: 'index.handler', timeoutMs: 2000 }]);
    expect(project.warnings).toEqual([
      'serverless.yml:7: The key handler occurs twice; the last one counts.',
    ]);
  });

  it.each(['1536MB', '1536 mb', "'1536'"])('may write memorySize as %s', (size) => {
    const { functions } = read({
      'serverless.yml': `${PROVIDER}\nfunctions: { order: { handler: index.handler, memorySize: ${size} } }`,
    });
    expect(functions[0]?.memoryMiB).toBe(1536);
  });

  it('may have names that Lambda would refuse: they are cut, and a warning says so', () => {
    const project = read({
      'serverless.yml': `service: ${'long-'.repeat(12)}\n${PROVIDER}\n${ORDER}`,
    });
    expect(project.functions[0]?.deployedName).toBe(`${'long-'.repeat(12)}-dev`);
    expect(project.warnings.join()).toContain('Lambda refuses the function name long-long-');
  });

  it.each(['nodejs', 'nodejs6.10', 'nodejs12.x', 'nodejs20.x'])(
    'may have the old runtime %s: the nearest one runs it, and a warning says so',
    (runtime) => {
      const project = read({
        'serverless.yml': `provider: { name: aws, runtime: ${runtime} }\n${ORDER}`,
      });
      expect(project.functions[0]?.runtime).toBe('nodejs22.x');
      expect(project.warnings).toEqual([
        `Of the functions: the runtime ${runtime} is not emulated; using nodejs22.x.`,
      ]);
    },
  );

  it.each([
    ['nodejs25.x', 'nodejs24.x'],
    ['nodejs30.x', 'nodejs26.x'],
  ])('may have the runtime %s: %s runs it', (runtime, used) => {
    const project = read({
      'serverless.yml': `provider: { name: aws, runtime: ${runtime} }\n${ORDER}`,
    });
    expect(project.functions[0]?.runtime).toBe(used);
  });

  it('may have no runtime: one that takes callbacks runs it, as those of the framework do', () => {
    const project = read({ 'serverless.yml': `provider: { name: aws }\n${ORDER}` });
    expect(project.functions[0]?.runtime).toBe('nodejs22.x');
    expect(project.warnings).toEqual(['Of the functions: no runtime is set; using nodejs22.x.']);
  });

  it('may have the runtime nodejs26.x', () => {
    const project = read({
      'serverless.yml': `provider: { name: aws, runtime: nodejs26.x }\n${ORDER}`,
    });
    expect(project.functions[0]?.runtime).toBe('nodejs26.x');
    expect(project.warnings).toEqual([]);
  });
});

describe('a project file in another format', () => {
  const TEMPLATE = {
    Resources: {
      order: {
        Type: 'AWS::Serverless::Function',
        Properties: { Handler: 'index.handler', Runtime: 'nodejs24.x' },
      },
    },
  };
  const SERVICE = {
    service: 'shop',
    provider: { name: 'aws', runtime: 'nodejs24.x', environment: { STAGE: '${sls:stage}' } },
    functions: { order: { handler: 'index.handler' } },
  };

  it.each([
    ['template.json', JSON.stringify(TEMPLATE, null, '\t')],
    ['serverless.json', JSON.stringify(SERVICE)],
    ['serverless.js', `module.exports = ${JSON.stringify(SERVICE)};`],
    ['serverless.js', `module.exports = async () => (${JSON.stringify(SERVICE)});`],
    [
      'serverless.ts',
      `const service: object = ${JSON.stringify(SERVICE)}; export default service;`,
    ],
    ['serverless.ts', `module.exports = Promise.resolve(${JSON.stringify(SERVICE)} as object);`],
  ])('%s is read', (name, content) => {
    expect(read({ [name]: content }).functions).toMatchObject([
      { name: 'order', handler: 'index.handler' },
    ]);
  });

  it('serverless.ts may import files that know where they are, by aliases of its tsconfig.json', () => {
    const files = {
      'serverless.ts': `
import order from '@functions/order';
import { inTask } from '../support/start.ts';
export default { provider: { name: 'aws', runtime: 'nodejs24.x' }, functions: { order } };`,
      'src/functions/order/index.ts': `
const path: string = __dirname.split(process.cwd())[1]?.slice(1) ?? '';
export default { handler: path + '/handler.main', events: [{ httpApi: 'GET /order' }] };`,
      'src/functions/order/handler.ts': 'export const main = async () => 1;',
      'tsconfig.json':
        '{ "compilerOptions": { "paths": { "@functions/*": ["./src/functions/*"] } } }',
    };
    const project = read(files);
    expect(project.functions).toMatchObject([{ handler: 'src/functions/order/handler.main' }]);
    expect(project.apis[0]?.routes).toEqual([
      { method: 'GET', path: '/order', functionName: 'order' },
    ]);
    expect(project.files.map((file) => file.split('/').at(-1))).toEqual([
      'index.ts',
      'serverless.ts',
    ]);
  });

  it('serverless.ts is read without the esbuild of the project, which may be too old', () => {
    const esbuild = 'exports.build = () => { throw new Error("Invalid option: packages"); };';
    const project = read({
      'node_modules/esbuild/package.json': '{ "name": "esbuild", "version": "0.14.54" }',
      'node_modules/esbuild/index.js': esbuild,
      'serverless.ts': `export default ${JSON.stringify(SERVICE)};`,
    });
    expect(project.functions).toMatchObject([{ name: 'order' }]);
  });

  const errorOf = (content: string) => {
    const folder = projectFolder({ 'serverless.ts': content });
    try {
      readProject(join(folder, 'serverless.ts'));
    } catch (error) {
      return (error as Error).message.replaceAll(folder, '.').replace(/\n {4}at (?!.*:2:).*/g, '');
    }
    throw new Error('it could be read');
  };

  it('serverless.ts that is not TypeScript says where', () => {
    expect(errorOf('export default {\n  a: ;\n};')).toMatchInlineSnapshot(`
      "./serverless.ts cannot be run, so its functions are not known:
      serverless.ts:2:6: Unexpected ";".
            a: ;
               ^"
    `);
  });

  it('serverless.ts that throws says where', () => {
    expect(
      errorOf('interface Padding { a: 1 }\nexport default (undefined as any).functions;'),
    ).toMatchInlineSnapshot(`
      "./serverless.ts cannot be run, so its functions are not known:
      TypeError: Cannot read properties of undefined (reading 'functions')
          at Object.<anonymous> (./serverless.ts:2:35)"
    `);
  });

  it('variables may come from a script', () => {
    const { functions } = read({
      'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x, environment: { URL: "\${file(./config.js):urls.main}" } }
${ORDER}`,
      'config.js': 'module.exports = { urls: { main: "http://main" } };',
    });
    expect(functions[0]?.environment).toEqual({ URL: 'http://main' });
  });
});

describe('InlineCode of SAM', () => {
  it('runs as index.js', async () => {
    const folder = projectFolder({
      'template.yaml': `
Resources:
  Inline:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async () => __filename;`,
    });
    expect(await resultOf(await startFunctionOf(folder, 'Inline'))).toEqual(inTask('index.js'));
  });
});

describe('a function that cannot run', () => {
  it.each([
    ['handler', 'handler: gone.handler', 'gone.handler'],
    ['layer', 'handler: index.handler, layers: [./gone.zip]', 'gone.zip'],
    ['setting', 'handler: index.handler, timeout: soon', 'timeout must be a whole number'],
    ['runtime', 'handler: index.handler, runtime: python3.13', 'python3.13'],
    ['image', 'image: app', 'container image'],
  ])('does not stop the others: %s', (_, settings, reason) => {
    const { functions, unusable, apis, warnings } = read({
      'serverless.yml': `
${PROVIDER}
functions:
  order: { handler: index.handler }
  broken: { ${settings}, events: [{ httpApi: GET /broken }] }`,
    });

    expect(functions.map(({ name }) => name)).toEqual(['order']);
    expect(unusable.map(({ name }) => name)).toEqual(['broken']);
    expect(apis[0]?.routes).toEqual([{ method: 'GET', path: '/broken', functionName: 'broken' }]);
    expect(warnings.join()).toContain(reason);
    expect(warnings.join()).toContain('Its routes answer 502.');
  });
});
