import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from '../figure.ts';
import { zipEntries } from '../setup/zip-entries.ts';

const run = promisify(execFile);
const CLIENT = join(import.meta.dirname, '../../../client');

export const clientSize: Figure = {
  name: 'client-size',
  title: '@async-http/client, unpacked',
  unit: 'kB',
  budgets: [{ units: 500 }],
  async measure() {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const { stdout } = await run('npm', args, { cwd: CLIENT });
    const [{ unpackedSize }] = JSON.parse(stdout);
    return { ours: { what: 'as npm pack counts it', samples: [unpackedSize / 1_000] } };
  },
};

export const layerSizeCore: Figure = {
  name: 'layer-size-core',
  title: 'layer.zip without what only destinations and a store load',
  unit: 'kB',
  budgets: [{ units: 150 }],
  async measure({ layer }) {
    const { size } = await stat(layer.zip);
    const late = (await zipEntries(layer.zip)).filter(({ path }) =>
      /^async-http\/(?:destinations\/|store\.js$)/.test(path),
    );
    const without = late.reduce((bytes, entry) => bytes - entry.bytes, size);
    const what = 'without async-http/destinations and async-http/store.js';
    return { ours: { what, samples: [without / 1_000] } };
  },
};

export const layerSize: Figure = {
  name: 'layer-size',
  title: 'layer.zip',
  unit: 'kB',
  budgets: [{ units: 400 }],
  async measure({ layer }) {
    const { size } = await stat(layer.zip);
    return { ours: { what: 'the whole zip', samples: [size / 1_000] } };
  },
};
