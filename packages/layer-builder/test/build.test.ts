import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { installLayerBuilder } from './helpers/installed-layer-builder.ts';
import { readZip } from './helpers/read-zip.ts';

describe('async-http-layer build', () => {
  it('writes the zip of the package, and says where and how large', async () => {
    const layerBuilder = installLayerBuilder();

    const { stdout, exitCode } = await layerBuilder.run(['build']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^dist\/layer\.zip {2}[\d.]+ kB {2}CodeSha256 [\w+/]{43}=\n$/);
    expect(existsSync(`${layerBuilder.folder}/dist/layer.zip`)).toBe(true);
  });

  it('stores Unix modes and folders, and the earliest time a zip can hold', async () => {
    const layerBuilder = installLayerBuilder();
    const zip = layerBuilder.path('layer.zip');

    await layerBuilder.run(['build', '--out', zip]);

    const entries = await readZip(readFileSync(zip));
    expect(entries.map(({ mode, path }) => `${mode} ${path}`)).toMatchInlineSnapshot(`
      [
        "40755 async-http/",
        "100644 async-http/LICENSES.txt",
        "40755 async-http/destinations/",
        "100644 async-http/destinations/sqs.js",
        "100644 async-http/extension.js",
        "100644 async-http/handler-host.js",
        "100644 async-http/store.js",
        "40755 extensions/",
        "100755 extensions/async-http",
        "40755 nodejs/",
        "40755 nodejs/node_modules/",
        "40755 nodejs/node_modules/@async-http/",
        "40755 nodejs/node_modules/@async-http/client/",
        "40755 nodejs/node_modules/@async-http/client/dist/",
        "100644 nodejs/node_modules/@async-http/client/dist/index.cjs",
        "100644 nodejs/node_modules/@async-http/client/dist/index.js",
        "40755 nodejs/node_modules/@async-http/client/dist/store/",
        "100644 nodejs/node_modules/@async-http/client/dist/store/index.cjs",
        "100644 nodejs/node_modules/@async-http/client/dist/store/index.js",
        "100644 nodejs/node_modules/@async-http/client/package.json",
        "40755 nodejs/node_modules/@async-http/proxy/",
        "40755 nodejs/node_modules/@async-http/proxy/dist/",
        "100644 nodejs/node_modules/@async-http/proxy/dist/index.cjs",
        "100644 nodejs/node_modules/@async-http/proxy/dist/index.js",
        "100644 nodejs/node_modules/@async-http/proxy/package.json",
        "100644 proxy.js",
      ]
    `);
    expect(new Set(entries.map(({ modified }) => modified))).toEqual(
      new Set(['1980-01-01T00:00:00.000Z']),
    );
  });

  it('writes the same bytes in another time zone and under another umask', async () => {
    const { path, run } = installLayerBuilder();

    await run(['build', '--out', path('a.zip')], { env: { TZ: 'Pacific/Auckland' } });
    await run(['build', '--out', path('b.zip')], { env: { TZ: 'America/Lima' }, umask: '077' });

    expect(readFileSync(path('a.zip')).equals(readFileSync(path('b.zip')))).toBe(true);
  });

  it.runIf(node22())('writes the same bytes on Node.js 22', async () => {
    const { path, run } = installLayerBuilder();

    await run(['build', '--out', path('newer.zip')]);
    const { exitCode } = await run(['build', '--out', path('older.zip')], { node: `${node22()}` });

    expect(exitCode).toBe(0);
    expect(readFileSync(path('newer.zip')).equals(readFileSync(path('older.zip')))).toBe(true);
  });

  it('writes a folder with --dir, readable by others whatever the umask, and no zip', async () => {
    const { folder, path, run } = installLayerBuilder();

    await run(['build', '--dir', path('opt')], { umask: '077' });

    const mode = (name: string) => (statSync(path(name)).mode & 0o777).toString(8);
    expect(mode('opt/extensions')).toBe('755');
    expect(mode('opt/extensions/async-http')).toBe('755');
    expect(mode('opt/async-http/extension.js')).toBe('644');
    expect(existsSync(`${folder}/dist/layer.zip`)).toBe(false);
  });

  it('leaves other extensions in the folder alone', async () => {
    const { path, run } = installLayerBuilder();
    await run(['build', '--dir', path('opt')]);
    writeFileSync(path('opt/extensions/another'), 'another extension');

    await run(['build', '--dir', path('opt')]);

    expect(readFileSync(path('opt/extensions/another'), 'utf8')).toBe('another extension');
  });

  it('lays out packages that import and require find', async () => {
    const { path, run } = installLayerBuilder();
    await run(['build', '--dir', path('opt')]);

    const useBoth = `
      import { createRequire } from 'node:module';
      import { handler } from '@async-http/proxy';
      console.log(handler(), createRequire('${path('opt/nodejs/')}')('@async-http/proxy').handler());
    `;
    writeFileSync(path('opt/nodejs/function.mjs'), useBoth);

    expect(
      execFileSync(process.execPath, [path('opt/nodejs/function.mjs')], { encoding: 'utf8' }),
    ).toBe('client client\n');
  });

  it('has one copy of the store, which import and require find', async () => {
    const { path, run } = installLayerBuilder();
    await run(['build', '--dir', path('opt')]);

    const useBoth = `
      import { createRequire } from 'node:module';
      import { getJob } from '@async-http/client/store';
      console.log(getJob(), createRequire('${path('opt/nodejs/')}')('@async-http/client/store').getJob());
    `;
    writeFileSync(path('opt/nodejs/function.mjs'), useBoth);

    expect(
      execFileSync(process.execPath, [path('opt/nodejs/function.mjs')], { encoding: 'utf8' }),
    ).toBe('store store\n');
  });

  it.each([
    'extension/dist/layer/handler-host.js',
    'extension/dist/layer/LICENSES.txt',
    'proxy/dist/layer/proxy.js',
    'client/dist/index.js',
  ] as const)('fails without %s, and leaves no zip behind', async (missing) => {
    const { path, run } = installLayerBuilder({ without: missing });

    const { exitCode, stderr } = await run(['build', '--out', path('layer.zip')]);

    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${missing} cannot be read`);
    expect(stderr).toContain("run 'pnpm build' first");
    expect(stderr).toContain('(ASYNC_HTTP_LAYER_INPUT_MISSING)');
    expect(existsSync(path('layer.zip'))).toBe(false);
  });
});

/** Node.js 22 comes with the end-to-end tests, on Linux only. */
function node22(): string | undefined {
  try {
    const e2e = createRequire(new URL('../../e2e/package.json', import.meta.url));
    return e2e.resolve('node-22-linux-x64/bin/node');
  } catch {
    return undefined;
  }
}
