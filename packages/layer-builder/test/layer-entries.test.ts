import { describe, expect, it } from 'vitest';
import { layerEntries } from '../src/layer-entries.ts';
import { sampleInputs } from './helpers/sample-inputs.ts';

describe('the content of the layer', () => {
  it('has everything where Lambda looks for it, with modes that Lambda can work with', () => {
    const listing = layerEntries(sampleInputs()).map(
      ({ mode, path }) => `0${mode.toString(8)} ${path}`,
    );

    expect(listing).toMatchInlineSnapshot(`
      [
        "0755 async-http/",
        "0644 async-http/extension.js",
        "0644 async-http/handler-host.js",
        "0755 extensions/",
        "0755 extensions/async-http",
        "0755 nodejs/",
        "0755 nodejs/node_modules/",
        "0755 nodejs/node_modules/@async-http/",
        "0755 nodejs/node_modules/@async-http/client/",
        "0755 nodejs/node_modules/@async-http/client/dist/",
        "0644 nodejs/node_modules/@async-http/client/dist/index.cjs",
        "0644 nodejs/node_modules/@async-http/client/dist/index.js",
        "0644 nodejs/node_modules/@async-http/client/package.json",
        "0644 proxy.js",
      ]
    `);
  });

  it('brings packages whose package.json names files in the layer only', () => {
    const manifest = layerEntries(sampleInputs()).find(
      ({ path }) => path === 'nodejs/node_modules/@async-http/client/package.json',
    );

    expect(JSON.parse(Buffer.from(manifest?.data ?? []).toString())).toEqual({
      name: '@async-http/client',
      version: '1.2.3',
      type: 'module',
      exports: {
        '.': { import: './dist/index.js', require: './dist/index.cjs' },
        './package.json': './package.json',
      },
    });
  });
});
