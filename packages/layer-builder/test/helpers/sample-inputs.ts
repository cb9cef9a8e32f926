import type { LayerInputs } from '../../src/layer-inputs.ts';

/** Inputs of a small layer that Lambda would accept. */
export function sampleInputs(changes: Partial<LayerInputs> = {}): LayerInputs {
  return {
    entry: Buffer.from('#!/bin/sh\nexec node /opt/async-http/extension.js\n'),
    extension: new Map([
      ['extension.js', Buffer.from('// extension\n')],
      ['handler-host.js', Buffer.from('// handler host\n')],
    ]),
    proxy: Buffer.from('// proxy\n'),
    packages: [
      {
        manifest: {
          name: '@async-http/client',
          version: '1.2.3',
          type: 'module',
          exports: {
            '.': {
              '@async-http/source': './src/index.ts',
              import: { types: './dist/index.d.ts', default: './dist/index.js' },
              require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
            },
            './package.json': './package.json',
          },
        },
        files: new Map([
          ['dist/index.js', Buffer.from('export {};\n')],
          ['dist/index.cjs', Buffer.from('\n')],
        ]),
      },
    ],
    ...changes,
  };
}
