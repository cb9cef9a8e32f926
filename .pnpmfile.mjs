// Hooks of pnpm: what it changes in a package.json when it packs the package.

const SOURCE = '@async-http/source';

export const hooks = {
  /** Our tests run from the sources. A package that is published without them must not point at them. */
  beforePacking(manifest) {
    if (!manifest.exports || manifest.files.includes('src')) return manifest;
    const withoutSource = (name, value) => (name === SOURCE ? undefined : value);
    return { ...manifest, exports: JSON.parse(JSON.stringify(manifest.exports), withoutSource) };
  },
};
