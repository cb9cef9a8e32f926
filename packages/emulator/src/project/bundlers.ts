import { resolve } from 'node:path';
import type { Bundling } from '../bundle/bundling.ts';
import { isRecord } from './record.ts';
import type { Section } from './section.ts';
import type { Warnings } from './warnings.ts';

/** What a project file says about bundling. */
export interface ProjectBundling extends Bundling {
  /** JavaScript is meant for a bundler too. */
  readonly bundlesJavaScript: boolean;
}

const ESBUILD = 'serverless-esbuild';
const TRANSPILER = 'serverless-plugin-typescript';
/** Bundlers with a configuration that only they understand. */
const OTHER_BUNDLERS = [
  ...['serverless-webpack', 'serverless-bundle', 'serverless-rspack'],
  ...['serverless-plugin-optimize', 'serverless-plugin-browserifier', 'serverless-parcel'],
];

const BUNDLERS = [ESBUILD, TRANSPILER, ...OTHER_BUNDLERS];

/** How functions are bundled when the project file does not say: TypeScript only, as Serverless Framework v4 does. */
export const defaultBundling = (folder: string): ProjectBundling => ({
  folder,
  options: {},
  isExplicit: false,
  bundlesJavaScript: false,
});

/** How a `serverless.yml` bundles: with a plugin, or with version 4 of the framework itself. */
export function readServerlessBundling(
  service: Section,
  plugins: readonly string[],
  folder: string,
  warnings: Warnings,
): ProjectBundling {
  const [plugin] = BUNDLERS.filter((name) => plugins.includes(name));
  switch (plugin) {
    case undefined: {
      const build = service.get('build');
      const settings = isRecord(build) ? build.esbuild : undefined;
      return settings ? explicitBundling(settings, folder) : defaultBundling(folder);
    }
    case ESBUILD: {
      const settings = service.section('custom').get('esbuild');
      const { platform } = isRecord(settings) ? settings : {};
      return explicitBundling(settings, folder, { format: platform === 'neutral' ? 'esm' : 'cjs' });
    }
    case TRANSPILER:
      // Packages stay where they are, as after tsc.
      return { ...defaultBundling(folder), options: { packages: 'external' } };
    default:
      warnings.add(
        `${plugin} is not run: functions are bundled with esbuild, without the loaders and plugins of its configuration.`,
        service.place('plugins'),
      );
      return { ...defaultBundling(folder), bundlesJavaScript: true };
  }
}

export const isBundler = (plugin: string): boolean => BUNDLERS.includes(plugin);

/** @param settings options of esbuild, the name of a file that exports them, or `true`. */
function explicitBundling(
  settings: unknown,
  folder: string,
  defaults: Readonly<Record<string, unknown>> = {},
): ProjectBundling {
  const options = isRecord(settings) ? settings : {};
  const fileOf = (value: unknown) =>
    typeof value === 'string' ? resolve(folder, value) : undefined;
  const config = fileOf(settings) ?? fileOf(options.config) ?? fileOf(options.configFile);
  const plugins = fileOf(options.plugins);
  return {
    folder,
    options: { ...defaults, ...options },
    isExplicit: true,
    bundlesJavaScript: true,
    ...(config !== undefined && { config }),
    ...(plugins !== undefined && { plugins }),
  };
}
