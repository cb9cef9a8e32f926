import { stat } from 'node:fs/promises';
import type { Figure } from '../figure.ts';
import { zipEntries } from '../setup/zip-entries.ts';

/** What the extension starts with. All else in its folder is loaded when a destination needs it. */
const LOADED_AT_START = ['async-http/extension.js', 'async-http/handler-host.js'];

export const layerSize: Figure = {
  name: 'layer-size',
  title: 'layer.zip',
  unit: 'kB',
  budget: { units: 1_000 },
  async measure({ layer }) {
    const { size } = await stat(layer.zip);
    return { ours: { what: 'the whole zip', samples: [size / 1_000] } };
  },
};

export const layerSizeCore: Figure = {
  name: 'layer-size-core',
  title: 'layer.zip without destination clients',
  unit: 'kB',
  budget: { units: 300 },
  async measure({ layer }) {
    const { size } = await stat(layer.zip);
    const clients = (await zipEntries(layer.zip)).filter(({ path }) => isDestinationClient(path));
    const without = clients.reduce((bytes, entry) => bytes - entry.bytes, size);
    return {
      ours: {
        what: 'without what async-http/ holds beyond its two programs',
        samples: [without / 1_000],
      },
    };
  },
};

function isDestinationClient(path: string): boolean {
  return /^async-http\/./.test(path) && !LOADED_AT_START.includes(path);
}
