import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runShell } from './shell.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The tarballs of our packages, by their names. */
export type Tarballs = ReadonlyMap<string, string>;

/**
 * Packs every package that is published, as it would be published.
 *
 * @param whenOver is given what removes the tarballs.
 */
export async function packPackages(whenOver: (cleanUp: () => void) => void): Promise<Tarballs> {
  const folder = mkdtempSync(join(tmpdir(), 'async-http-packs-'));
  whenOver(() => rmSync(folder, { recursive: true }));
  const { packageManager } = readPackage(ROOT);
  const published = globSync('packages/*', { cwd: ROOT })
    .map((path) => ({ path, ...readPackage(join(ROOT, path)) }))
    .filter((candidate) => !candidate.private);
  const filters = published.map(({ path }) => `--filter ./${path}`).join(' ');
  await runShell(
    ROOT,
    `npx --yes ${packageManager} --recursive ${filters} pack --pack-destination '${folder}'`,
  );
  return new Map(
    published.map(({ name, version }) => [
      name,
      join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
    ]),
  );
}

/** Makes `npm install` in a project take these tarballs, also where packages of ours need each other. */
export function takeTarballs(folder: string, tarballs: Tarballs): void {
  const project = readPackage(folder);
  const direct = [project.dependencies ?? {}, project.devDependencies ?? {}];
  project.overrides = {};
  for (const [name, file] of tarballs) {
    const sections = direct.filter((section) => name in section);
    // npm refuses an override of what the project itself names.
    for (const section of sections.length > 0 ? sections : [project.overrides]) {
      section[name] = `file:${file}`;
    }
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project, null, 2));
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly packageManager?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  overrides?: Record<string, string>;
}

function readPackage(folder: string): Package {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
