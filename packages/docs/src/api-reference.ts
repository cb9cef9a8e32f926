import { join, relative } from 'node:path';
import { Application } from 'typedoc';
import { apiEntries, PACKAGES } from './api-report.ts';
import { ROOT } from './repository-pages.ts';
import { GITHUB } from './site-links.ts';

/**
 * Writes a page about every export of our packages, from their sources.
 *
 * @param base where the site is
 * @throws when a comment has a link that leads nowhere
 */
export async function buildApiReference(folder: string, base: string): Promise<void> {
  const entries = PACKAGES.flatMap(apiEntries);
  const application = await Application.bootstrap({
    tsconfig: join(ROOT, 'packages/docs/tsconfig.api.json'),
    entryPoints: entries.map(({ source }) => source),
    name: 'async-http: API',
    readme: 'none',
    navigationLinks: { Documentation: base, GitHub: GITHUB },
    basePath: ROOT,
    disableGit: true,
    sourceLinkTemplate: `${GITHUB}/blob/main/{path}#L{line}`,
    excludeInternal: true,
    excludePrivate: true,
    hideGenerator: true,
    validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: false },
    logLevel: 'Warn',
  });
  const project = await application.convert();
  if (!project) throw new Error('TypeDoc could not read the sources; what it printed is above.');
  for (const { specifier, source } of entries) {
    // What TypeDoc calls a module, where an import names a package.
    const name = relative(ROOT, source).replace(/(?:\/index)?\.ts$/, '');
    const module = project.getChildByName([name]);
    if (!module) throw new Error(`TypeDoc has no module ${name}`);
    module.name = specifier;
  }
  application.validate(project);
  await application.generateDocs(project, folder);
  if (application.logger.hasErrors() || application.logger.hasWarnings()) {
    throw new Error('The API reference has problems; they are above.');
  }
}
