import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { ReadProjectOptions } from './project.ts';
import { isRecord } from './record.ts';
import type { VariableSource } from './serverless-variables.ts';
import { readYamlFile } from './yaml-file.ts';

export interface SourceOptions extends ReadProjectOptions {
  readonly file: string;
  readonly root: unknown;
  /** Resolves variables in a value; used on the way down to an address. */
  readonly shallow: (value: unknown) => unknown;
  /** Called with every file that a variable includes. */
  readonly onFile: (file: string) => void;
}

const DEFAULT_STAGE = 'dev';
const DEFAULT_REGION = 'us-east-1';

/** The kinds of variables that have a value on a machine without an AWS account. */
export function createSources(options: SourceOptions): Record<string, VariableSource> {
  const { file, root, shallow, onFile } = options;
  const folder = dirname(file);

  const descend = (from: unknown, address: string): unknown => {
    let value = shallow(from);
    for (const key of address === '' ? [] : address.split('.')) {
      if (Array.isArray(value)) value = shallow(value[Number(key)]);
      else value = isRecord(value) ? shallow(value[key]) : undefined;
    }
    return value;
  };
  const stage = (): string =>
    options.stage ?? String(descend(root, 'provider.stage') ?? DEFAULT_STAGE);
  const region = (): string => String(descend(root, 'provider.region') ?? DEFAULT_REGION);
  const env = () => ({ ...readDotenv(folder, stage()), ...(options.env ?? process.env) });

  const include = (path: string): unknown => {
    const included = resolve(folder, path);
    if (!['.yml', '.yaml', '.json'].includes(extname(included))) return undefined;
    try {
      const { value } = readYamlFile(included);
      onFile(included);
      return value;
    } catch (error) {
      if ((error as { code?: string }).code === 'ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND') {
        return undefined;
      }
      throw error;
    }
  };

  return {
    self: (address) => (address === 'provider.stage' ? stage() : descend(root, address)),
    // `${env:STAGE}` must not ask for the stage first when the stage itself comes from it.
    env: (name) => (options.env ?? process.env)[name] ?? env()[name],
    opt: (name) => (name === 'stage' ? options.stage : undefined),
    sls: (name) => ({ stage: stage(), instanceId: 'local' })[name],
    aws: (name) => ({ region: region(), accountId: '123456789012' })[name],
    file: (address, path = '') => descend(include(path), address),
    param: (name) =>
      [
        `stages.${stage()}.params.${name}`,
        `params.${stage()}.${name}`,
        `stages.default.params.${name}`,
        `params.default.${name}`,
      ]
        .map((address) => descend(root, address))
        .find((value) => value !== undefined),
    strToBool: (_, text = '') => ({ true: true, 1: true, false: false, 0: false })[text],
  };
}

/** `.env.<stage>`, else `.env`, of the project's folder, as Serverless Framework reads them. */
function readDotenv(folder: string, stage: string): Record<string, string | undefined> {
  for (const name of [`.env.${stage}`, '.env']) {
    try {
      return parseEnv(readFileSync(resolve(folder, name), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return {};
}
