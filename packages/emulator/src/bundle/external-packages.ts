import type { Plugin } from 'esbuild';

const ASKED = Symbol('asked');

/** Version 2 of the AWS SDK is a part of no runtime that there still is: whoever leaves it out deploys nothing. */
export const warnOfSdk2: Plugin = {
  name: 'sdk-2',
  setup(build) {
    build.onResolve({ filter: /^aws-sdk(\/|$)/ }, ({ path, importer }) =>
      importer.includes('/node_modules/')
        ? undefined
        : {
            path,
            external: true,
            warnings: [
              {
                text: `aws-sdk is left out of the bundle. Lambda's Node.js runtimes do not have version 2 of the AWS SDK, so this fails after a deploy: use version 3 (@aws-sdk/client-…), or bundle it`,
              },
            ],
          },
    );
  },
};

/**
 * Leaves packages that are not installed to the function: one that a dependency wants may be optional, and
 * one that the function's own code wants may be in a layer. A bundle that needs one all the same fails
 * where it would in Lambda.
 */
export function externalPackages(hasLayers: boolean): Plugin {
  return {
    name: 'external-packages',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
        if (pluginData === ASKED || from.kind === 'entry-point') return undefined;
        const { importer, kind, namespace, resolveDir } = from;
        const options = { importer, kind, namespace, resolveDir, pluginData: ASKED };
        const { errors, ...found } = await build.resolve(path, options);
        if (errors.length === 0) return { ...found, pluginData: undefined };
        const isOptional = importer.includes('/node_modules/');
        return isOptional || hasLayers ? { path, external: true } : undefined;
      });
    },
  };
}
