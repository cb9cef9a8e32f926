import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { folder } from '../support/layer.ts';
import { fixture, hasNamespaces, oneRuntime, start } from '../support/start.ts';

const run = promisify(execFile);
const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());

const list = async (path: string) => (existsSync(path) ? (await readdir(path)).sort() : 'absent');

describe.runIf(hasNamespaces)('Isolation: namespace', () => {
  it("the developer's PATH has no part in finding out whether the machine allows it", async () => {
    const programs = await folder({ unshare: '#!/bin/sh\nexit 1\n' });
    const support = new URL('../../src/sandbox/namespace-support.ts', import.meta.url).href;
    const script = `console.log(await (await import('${support}')).namespaceRefusal())`;

    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, PATH: programs },
    });

    expect(stdout.trim()).toBe('undefined');
  });

  it("the machine's own /opt, /var and /tmp are not touched", async () => {
    const before = [await list('/opt'), await list('/var'), (await stat('/var')).mtimeMs];
    const code = await folder({
      'index.mjs': `
        import { mkdirSync, writeFileSync } from 'node:fs';
        export const handler = async () => {
          mkdirSync('/tmp/by-the-function');
          writeFileSync('/tmp/by-the-function/file', '');
        };`,
    });
    const layer = await folder({ 'only-in-the-layer.txt': '' });
    const lambda = await start({ code, layers: [layer], isolation: 'namespace' });

    expect(await lambda.invoke({})).not.toHaveProperty('functionError');

    expect([await list('/opt'), await list('/var'), (await stat('/var')).mtimeMs]).toEqual(before);
    expect(existsSync('/tmp/by-the-function')).toBe(false);
  });

  it('code, layers and Node.js may themselves live under /tmp, /opt or /var', async () => {
    const code = await folder({ 'index.cjs': 'exports.handler = async () => "from /tmp";' });
    expect(code.startsWith('/tmp/')).toBe(true);

    const lambda = await start({ code, isolation: 'namespace' });

    expect(parse(await lambda.invoke({}))).toBe('from /tmp');
  });

  it('sandbox.localdomain is an address of this environment alone', async () => {
    const code = await folder({
      'index.mjs': `
        import { lookup } from 'node:dns/promises';
        export const handler = async () =>
          Promise.all(['sandbox.localdomain', 'sandbox', 'localhost'].map((name) => lookup(name, 4)));`,
    });
    const lambda = await start({ code, isolation: 'namespace' });
    const addresses = async () =>
      parse(await lambda.invoke({})).map(({ address }: { address: string }) => address);

    const [full, short, localhost] = await addresses();
    await lambda.shutdown();
    const [ofAnother] = await addresses();

    expect(full).toMatch(/^127\.(?!0\.0\.1$)/);
    expect(short).toBe(full);
    expect(localhost).toBe('127.0.0.1');
    expect(ofAnother).not.toBe(full);
  });
});

describe.each(oneRuntime)('Isolation: hook (%s)', (runtime) => {
  it.each([
    ['is missing', 'no-such-wrapper', 127],
    ['is not executable', 'wrapper.txt', 126],
  ])(
    'a wrapper that %s ends the runtime as in Lambda, and the log says why',
    async (_, name, status) => {
      const wrapper = join(await folder({ 'wrapper.txt': 'exit 1' }), name);
      const environment = { AWS_LAMBDA_EXEC_WRAPPER: wrapper };
      const lambda = await start({ environment, isolation: 'hook', runtime });

      expect(parse(await lambda.invoke({})).errorMessage).toMatch(
        new RegExp(`exit status ${status}$`),
      );
      await lambda.line(new RegExp(`${wrapper}: `));
    },
  );

  it('says what it cannot do', async () => {
    const lambda = await start({ isolation: 'hook', runtime });

    expect(lambda.logs.map(({ line }) => line)).toContain(
      'Environments have no file system of their own (isolation: hook; asked for): ' +
        '/opt and /var/task exist for module loading only, /tmp is shared (TMPDIR is not), and one environment runs at a time.',
    );
  });

  it('leads handlers and imports in /opt and /var/task to the real folders', async () => {
    const layer = await folder({
      'shared.cjs': 'exports.value = "of the layer";',
      'nodejs/node_modules/package/index.js': 'exports.name = "a package of the layer";',
    });
    const code = await folder({
      'other.cjs': 'exports.value = "of the code";',
      'index.mjs': `
        import shared from '/opt/shared.cjs';
        import other from '/var/task/other.cjs';
        import { name } from 'package';
        export const handler = async () => [shared.value, other.value, name];`,
    });
    const lambda = await start({ code, layers: [layer], isolation: 'hook', runtime });

    expect(parse(await lambda.invoke({}))).toEqual([
      'of the layer',
      'of the code',
      'a package of the layer',
    ]);
  });

  it.each(['commonjs', 'module'])(
    'does not let the type %s of a package around /var/task count',
    async (type) => {
      const project = await folder({
        'package.json': JSON.stringify({ type }),
        'functions/common.js': 'exports.handler = async () => require("./lib/value.js").value;',
        'functions/lib/value.js': 'exports.value = "CommonJS";',
        'functions/es/package.json': '{ "type": "module" }',
        'functions/es/index.js': 'export const handler = async () => "ES module";',
        'functions/detected.js': 'export const handler = async () => "detected";',
      });
      const code = join(project, 'functions');
      const handlers = ['common.handler', 'es/index.handler'];
      // The managed runtime of 22 switches the detection off.
      const detects = runtime !== 'nodejs22.x';
      if (detects) handlers.push('detected.handler');

      const results = [];
      for (const handler of handlers) {
        const lambda = await start({ code, handler, isolation: 'hook', runtime });
        results.push(parse(await lambda.invoke({})));
      }

      expect(results).toEqual(['CommonJS', 'ES module', ...(detects ? ['detected'] : [])]);
    },
  );

  it('gives each environment a folder for temporary files, gone at its end', async () => {
    const code = await folder({
      'index.mjs': `
        import { writeFileSync } from 'node:fs';
        import { tmpdir } from 'node:os';
        export const handler = async () => {
          writeFileSync(tmpdir() + '/left-behind', '');
          return process.env.TMPDIR;
        };`,
    });
    const layer = await folder({
      'extensions/says-where': `#!/usr/bin/env node
        console.log(JSON.stringify(process.env.TMPDIR));
        const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
        fetch(base + 'register', {
          method: 'POST',
          headers: { 'lambda-extension-name': 'says-where' },
          body: '{"events":["INVOKE"]}',
        }).then(({ headers }) => {
          const id = headers.get('lambda-extension-identifier');
          const next = () =>
            fetch(base + 'event/next', { headers: { 'lambda-extension-identifier': id } }).then(next);
          next();
        });`,
    });
    const options = { code, layers: [layer], isolation: 'hook', runtime } as const;
    const lambdas = [
      await start({ ...options, name: 'a' }),
      await start({ ...options, name: 'b' }),
    ];

    const seen: string[] = [];
    for (const lambda of lambdas) {
      const tmp = parse(await lambda.invoke({}));
      await lambda.until((event) => event.type === 'log' && event.line === JSON.stringify(tmp));
      seen.push(tmp);
    }

    expect(new Set(seen).size).toBe(2);
    expect(seen.filter((tmp) => existsSync(join(tmp, 'left-behind')))).toEqual(seen);
    await Promise.all(lambdas.map((lambda) => lambda.close()));
    expect(seen.filter((tmp) => existsSync(tmp))).toEqual([]);
  });

  it('functions that run at the same time hand their jobs to their own extension', async () => {
    const code = await folder({
      'index.mjs': `
        import { connect } from 'node:net';
        export const handler = (job) =>
          new Promise((resolve, reject) =>
            connect(process.env.TMPDIR + '/jobs.sock', function () { this.end(job); })
              .on('error', reject)
              .on('close', resolve));`,
    });
    const layer = await folder({
      'extensions/runs-jobs': `#!/usr/bin/env node
        const { createServer } = require('node:net');
        const { TMPDIR, AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_RUNTIME_API } = process.env;
        const base = 'http://' + AWS_LAMBDA_RUNTIME_API + '/2020-01-01/extension/';
        createServer((socket) => {
          socket.on('data', (job) => console.log('job', String(job), 'in', AWS_LAMBDA_FUNCTION_NAME));
        }).listen(TMPDIR + '/jobs.sock', async () => {
          const { headers } = await fetch(base + 'register', {
            method: 'POST',
            headers: { 'lambda-extension-name': 'runs-jobs' },
            body: '{"events":["INVOKE"]}',
          });
          const id = headers.get('lambda-extension-identifier');
          for (;;) await fetch(base + 'event/next', { headers: { 'lambda-extension-identifier': id } });
        });`,
    });
    const names = ['report', 'newsletter', 'invoice'];
    const lambdas = await Promise.all(
      names.map((name) => start({ name, code, layers: [layer], isolation: 'hook', runtime })),
    );

    const results = await Promise.all(lambdas.map((lambda) => lambda.invoke(`of ${lambda.name}`)));

    expect(results.map(({ functionError }) => functionError)).toEqual(names.map(() => undefined));
    for (const lambda of lambdas) {
      await lambda.line(/^job /);
      expect(lambda.logs.flatMap(({ line }) => (line.startsWith('job ') ? line : []))).toEqual([
        `job of ${lambda.name} in ${lambda.name}`,
      ]);
    }
  });

  it('leaves the TMPDIR of a function unchanged', async () => {
    const code = await folder({
      'index.mjs': 'export const handler = async () => process.env.TMPDIR;',
    });
    const environment = { TMPDIR: '/tmp/mine' };
    const lambda = await start({ code, environment, isolation: 'hook', runtime });

    expect(parse(await lambda.invoke({}))).toBe('/tmp/mine');
  });

  it('runs a handler of the layer', async () => {
    const layer = await folder({ 'shared.js': 'exports.handler = async () => "of the layer";' });
    const handler = '/opt/shared.handler';
    const lambda = await start({ handler, layers: [layer], isolation: 'hook', runtime });

    expect(parse(await lambda.invoke({}))).toBe('of the layer');
  });

  it('extensions, early response, freeze and SHUTDOWN are the same', async () => {
    const lambda = await start({
      isolation: 'hook',
      runtime,
      layers: [fixture('layers/third-party')],
    });

    await lambda.invoke({});
    await lambda.idle();
    await lambda.shutdown();

    expect(lambda.story().slice(4)).toEqual([
      'invoke.start',
      'response',
      'runtime.done',
      'extension.next',
      'invoke.end',
      'frozen',
      'thawed',
      'shutdown.start',
      'shutdown.done',
    ]);
    expect(lambda.logs.at(-1)?.line).toBe('tail-worker stops: spindown');
  });

  it('a second request waits for the environment', async () => {
    const lambda = await start({ code: fixture('functions/outcomes'), isolation: 'hook', runtime });

    const results = await Promise.all([1, 2, 3].map(() => lambda.invoke({})));

    expect(new Set(results.map(({ environmentId }) => environmentId)).size).toBe(1);
  });
});
