import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { ROOT } from './repository-pages.ts';

/** Where the reports are, one file per entry of a package. */
export const REPORTS = join(ROOT, 'packages/docs/api');

/** Those that programs import. */
export const PACKAGES = ['client', 'proxy', 'extension', 'layer-builder', 'emulator', 'cdk'];

export interface ApiEntry {
  /** What an import names, e.g. `@async-http/client/hono`. */
  readonly specifier: string;
  readonly folder: string;
  readonly types: string;
  readonly source: string;
}

/** The condition of exports under which our sources are. */
const SOURCE = '@async-http/source';

/** The entries of a built package that have types. */
export function apiEntries(name: string): ApiEntry[] {
  const folder = join(ROOT, 'packages', name);
  const { name: specifier, exports } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return Object.entries<{ import?: { types?: string }; [SOURCE]?: string }>(exports).flatMap(
    ([path, { import: { types } = {}, [SOURCE]: source }]) =>
      types && source
        ? [
            {
              specifier: join(specifier, path),
              folder,
              types: join(folder, types),
              source: join(folder, source),
            },
          ]
        : [],
  );
}

/**
 * Compares what a package exports with the reports that are in the repository.
 *
 * @param isWritten the reports are written instead
 * @returns the entries whose report differs
 */
export function compareReports(entries: readonly ApiEntry[], isWritten: boolean): string[] {
  const configs = entries.map(configOf);
  const [first] = configs;
  if (!first) return [];
  const additionalEntryPoints = entries.map(({ types }) => types);
  const compilerState = CompilerState.create(first, { additionalEntryPoints });
  return entries.flatMap(({ specifier }, index) => {
    const { apiReportChanged } = Extractor.invoke(configs[index] as ExtractorConfig, {
      compilerState,
      localBuild: isWritten,
      messageCallback: (message) => {
        message.logLevel = 'none' as typeof message.logLevel;
      },
    });
    return apiReportChanged && !isWritten ? [specifier] : [];
  });
}

function configOf({ specifier, folder, types }: ApiEntry): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            lib: ['es2024', 'dom'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            strict: true,
            skipLibCheck: true,
            typeRoots: [join(ROOT, 'node_modules/@types')],
            types: ['node'],
          },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${specifier.replace('@async-http/', '').replaceAll('/', '-')}.api.md`,
        reportFolder: REPORTS,
        reportTempFolder: join(ROOT, 'node_modules/.cache/api'),
      },
      newlineKind: 'lf',
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
    },
  });
}
