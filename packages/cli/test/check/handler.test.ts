import { describe, expect, it } from 'vitest';
import { codesOf, findingOf, sam, serverless, zip } from '../support/project.ts';

const withCode = (report: string, environment?: string) =>
  serverless({
    files: { 'src/report.js': report },
    ...(environment !== undefined && { environment }),
  });

describe('the file of the background handler', () => {
  it('that is elsewhere is found', async () => {
    const environment = 'ASYNC_HANDLER: report.background';
    expect(await findingOf(serverless({ environment }))).toEqual({
      code: 'ASYNC_HTTP_CHECK_HANDLER_FILE',
      severity: 'error',
      problem:
        'ASYNC_HANDLER is "report.background", but there is no report.js, .mjs or .cjs, so every hand-off would be refused.',
      advice: 'Did you mean ASYNC_HANDLER: src/report.background?',
    });
  });

  it('that has a similar name is found', async () => {
    const environment = 'ASYNC_HANDLER: src/reprot.background';
    const { advice } = await findingOf(serverless({ environment }));
    expect(advice).toBe('Did you mean ASYNC_HANDLER: src/report.background?');
  });

  it('that a build writes is to be built first', async () => {
    const environment = 'ASYNC_HANDLER: dist/report.background';
    const { 'src/report.js': _, ...files } = serverless({ environment });
    const { advice } = await findingOf({ ...files, 'src/report.ts': '' });
    expect(advice).toBe('Build the code first, or correct the name.');
  });

  it('in a zip file is found', async () => {
    const files = { 'code.zip': zip({ 'src/report.mjs': 'export const background = () => {};' }) };
    expect(await codesOf(serverless({ top: 'package: { artifact: code.zip }', files }))).toEqual(
      [],
    );
  });

  it('is not in a package that is not built yet', async () => {
    const { problem } = await findingOf(serverless({ top: 'package: { artifact: code.zip }' }));
    expect(problem).toMatch(/^The code code.zip does not exist/);
  });
});

describe('the export', () => {
  it('that is missing is named with those that are there', async () => {
    expect(await findingOf(withCode('export const handler = async () => {};'))).toEqual({
      code: 'ASYNC_HTTP_CHECK_HANDLER_EXPORT',
      severity: 'error',
      problem:
        'ASYNC_HANDLER is "src/report.background", but src/report.js has no export "background" (it exports handler), so no job would run.',
      advice: 'Did you mean ASYNC_HANDLER: src/report.handler?',
    });
  });

  it('may come from another file', async () => {
    const files = {
      'src/report.js': "export * from './jobs.js';",
      'src/jobs.js': 'export const background = async () => {};',
    };
    expect(await codesOf(serverless({ files }))).toEqual([]);
  });

  it('may come from a package, which is not read', async () => {
    expect(await codesOf(withCode("export * from 'jobs';"))).toEqual(['note HANDLER_UNKNOWN']);
  });

  it('is the default export in the short form', async () => {
    const environment = 'ASYNC_HANDLER: src/report';
    expect(await codesOf(withCode('export const background = 1;', environment))).toEqual([
      'error HANDLER_EXPORT',
    ]);
  });

  it.each([
    ['exports.background = async () => {};', []],
    ['module.exports = { background };\nasync function background() {}', []],
    ["module.exports = require('./jobs.js');", []],
    ['exports.handler = async () => {};', ['error HANDLER_EXPORT']],
    ["module.exports = make('background');", ['note HANDLER_UNKNOWN']],
    ['module.exports = make();', ['note HANDLER_UNKNOWN']],
    ["for (const name of ['background']) exports[name] = run;", ['note HANDLER_UNKNOWN']],
  ])('of CommonJS: %s', async (code, codes) => {
    const files = { 'src/report.js': code, 'src/jobs.js': 'exports.background = () => {};' };
    expect(await codesOf(sam({ files }))).toEqual(codes);
  });

  it('is looked for without running the code', async () => {
    const code = 'process.exit(7);\nexport const background = async () => {};';
    expect(await codesOf(withCode(code))).toEqual([]);
  });
});

describe('the syntax', () => {
  it.each([
    ['an ES module in a CommonJS package, on nodejs22.x', 'js', 'export', 'nodejs22.x', true],
    ['an ES module in a CommonJS package, on nodejs24.x', 'js', 'export', 'nodejs24.x', false],
    ['an ES module in a .cjs file', 'cjs', 'export', 'nodejs24.x', true],
    ['CommonJS in a .mjs file', 'mjs', 'exports', 'nodejs24.x', true],
    ['CommonJS in a .cjs file', 'cjs', 'exports', 'nodejs22.x', false],
  ])('%s', async (_, ending, form, runtime, isWrong) => {
    const code =
      form === 'export' ? 'export const background = () => {};' : 'exports.background = () => {};';
    const { 'src/report.js': __, ...files } = sam({
      properties: `Runtime: ${runtime}`,
      files: { [`src/report.${ending}`]: code },
    });
    const found = await codesOf(ending === 'js' ? { ...files, 'src/report.js': code } : files);
    expect(found).toEqual(isWrong ? ['error HANDLER_SYNTAX'] : []);
  });

  it('CommonJS in an ES module package', async () => {
    expect(await codesOf(withCode('exports.background = () => {};'))).toEqual([
      'error HANDLER_SYNTAX',
    ]);
  });

  it('may be any where a tool builds the file', async () => {
    const fn = 'handler: /opt/proxy.handler\nruntime: nodejs22.x';
    const files = serverless({ fn, top: 'plugins: [serverless-webpack]' });
    expect(await codesOf({ ...files, 'package.json': '{}' })).toEqual([]);
  });

  it('takes no package.json into account that is above the deployed code', async () => {
    const files = {
      'package.json': '{ "type": "module" }',
      'src/report.js': 'export const background = () => {};',
    };
    expect(await codesOf(sam({ properties: 'Runtime: nodejs22.x', files }))).toEqual([
      'error HANDLER_SYNTAX',
    ]);
  });

  it('that nobody can read is shown with its line', async () => {
    const { code, problem } = await findingOf(withCode('\nexport const background = ;'));
    expect([code, problem]).toEqual([
      'ASYNC_HTTP_CHECK_HANDLER_SYNTAX',
      'src/report.js cannot be loaded, so no job would run: line 2: Unexpected ";"',
    ]);
  });
});

describe('a background handler in TypeScript', () => {
  const TS =
    'export const handler = async (): Promise<void> => {};\nexport const background = handler;';
  const only = (files: ReturnType<typeof serverless>) =>
    Object.fromEntries(Object.entries(files).filter(([name]) => name !== 'src/report.js'));

  it('is bundled beside the function’s own', async () => {
    const fn = 'handler: src/report.handler';
    expect(await codesOf(only(serverless({ fn, files: { 'src/report.ts': TS } })))).toEqual([]);
  });

  it('is not bundled when only a variable names it', async () => {
    const found = await findingOf(only(serverless({ files: { 'src/report.ts': TS } })));
    expect([found.code, found.problem]).toEqual([
      'ASYNC_HTTP_CHECK_HANDLER_NOT_BUILT',
      'ASYNC_HANDLER is "src/report.background", but nothing builds src/report.ts. It would not be deployed as JavaScript, and every hand-off would be refused.',
    ]);
  });

  it('in a second file is not bundled with the first', async () => {
    const fn = 'handler: src/api.handler';
    const files = { 'src/report.ts': TS, 'src/api.ts': TS };
    const { advice } = await findingOf(only(serverless({ fn, files })));
    expect(advice).toBe(
      "Export the background handler beside the function's own: ASYNC_HANDLER: src/api.background.",
    );
  });

  it('is not built by version 3 of Serverless Framework alone', async () => {
    const fn = 'handler: src/report.handler';
    const files = { 'src/report.ts': TS };
    expect(await codesOf(only(serverless({ fn, files, top: 'frameworkVersion: "3"' })))).toEqual([
      'error HANDLER_NOT_BUILT',
    ]);
  });

  it('may be built by a tool whose configuration is not read', async () => {
    const top = 'plugins: [serverless-webpack]';
    expect(await codesOf(only(serverless({ top, files: { 'src/report.ts': TS } })))).toEqual([]);
  });

  it('must export it', async () => {
    const fn = 'handler: src/report.handler';
    const files = { 'src/report.ts': 'export const handler = async (): Promise<void> => {};' };
    expect(await codesOf(only(serverless({ fn, files })))).toEqual(['error HANDLER_EXPORT']);
  });

  const metadata = `Metadata:
  BuildMethod: esbuild
  BuildProperties: { EntryPoints: [report.ts] }`;

  it('is an entry point of SAM', async () => {
    const properties = 'Handler: report.handler';
    const files = { 'src/report.ts': TS };
    expect(await codesOf(sam({ properties, metadata, files }))).toEqual([]);
  });

  it('that is not an entry point of SAM is not built', async () => {
    const properties = 'Handler: report.handler';
    const variables = 'ASYNC_HANDLER: jobs.background';
    const files = { 'src/report.ts': TS, 'src/jobs.ts': TS };
    const { advice } = await findingOf(sam({ properties, variables, metadata, files }));
    expect(advice).toMatch(/ASYNC_HANDLER: report.background. Or add its file to EntryPoints\.$/);
  });
});
