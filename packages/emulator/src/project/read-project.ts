import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CDK_APP, CDK_MANIFEST } from './cdk/file-names.ts';
import { readCdk } from './cdk/read-cdk.ts';
import { ProjectInvalidError, ProjectNotFoundError } from './errors.ts';
import type { DeclaredProject, ReadProjectOptions } from './project.ts';
import { isRecord } from './record.ts';
import { readSam } from './sam/read-sam.ts';
import { isScript, readScriptFile } from './script-file.ts';
import { readServerless } from './serverless/read-serverless.ts';
import { readYamlFile } from './yaml-file.ts';

const FILE_NAMES = [
  ...['yml', 'yaml', 'json', 'ts', 'js', 'mjs', 'cjs'].map((ending) => `serverless.${ending}`),
  CDK_APP,
  ...['yaml', 'yml', 'json'].map((ending) => `template.${ending}`),
];

/**
 * Reads the functions and routes of a `serverless.yml` (Serverless Framework v3, v4; also `.json`,
 * `.ts`, `.js`), a SAM `template.yaml` (also `.json`), or the `cdk.out/manifest.json` of a CDK app. What it does not understand is in `warnings`.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND`, `…_PROJECT_SYNTAX`, `…_PROJECT_INVALID`,
 * `…_PROJECT_SCRIPT`, and, when no function can run, why the first cannot: `…_HANDLER_NOT_FOUND`, `…_LAYER_NOT_FOUND`, `…_RUNTIME_UNSUPPORTED`.
 */
export function readProject(file: string, options: ReadProjectOptions = {}): DeclaredProject {
  const path = resolve(file);
  if (basename(path) === CDK_MANIFEST) return readCdk(path, options);

  const yaml = isScript(path) ? readScriptFile(path) : readYamlFile(path);
  const { value } = yaml;
  if (isRecord(value)) {
    if ('Resources' in value) return readSam(yaml, options);
    if ('functions' in value || 'provider' in value) return readServerless(yaml, options);
  }
  throw new ProjectInvalidError(
    { file: yaml.file },
    'this is neither a serverless.yml (with "functions") nor a SAM template (with "Resources").',
  );
}

/**
 * The project file of a folder; `cdk.out` is such a folder too.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND`.
 */
export function findProjectFile(folder: string): string {
  const name = [...FILE_NAMES, CDK_MANIFEST].find((candidate) =>
    existsSync(join(folder, candidate)),
  );
  if (!name) throw new ProjectNotFoundError({ folder, names: FILE_NAMES });
  return join(folder, name);
}
