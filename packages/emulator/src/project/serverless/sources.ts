import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { ReadProjectOptions } from '../project.ts';
import { isRecord } from '../record.ts';
import { isScript, readScriptFile } from '../script-file.ts';
import { readYamlFile } from '../yaml-file.ts';
import type { VariableSource } from './variables.ts';

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
  let isReadingStage = false;
  const stage = (): string => {
    if (options.stage !== undefined) return options.stage;
    isReadingStage = true;
    try {
      return String(descend(root, 'provider.stage') ?? DEFAULT_STAGE);
    } finally {
      isReadingStage = false;
    }
  };
  const region = (): string => String(descend(root, 'provider.region') ?? DEFAULT_REGION);
  // What the stage comes from cannot be in a file that the stage names.
  const dotenv = () => readDotenv(folder, isReadingStage ? ['.env'] : [`.env.${stage()}`, '.env']);

  const include = (path: string): unknown => {
    const included = resolve(folder, path);
    const isData = ['.yml', '.yaml', '.json'].includes(extname(included));
    if (!isData && !isScript(included)) return undefined;
    try {
      const { value, includes } = isData ? readYamlFile(included) : readScriptFile(included);
      for (const one of includes) onFile(one);
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
    env: (name) => (options.env ?? process.env)[name] ?? dotenv()[name],
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

/** The first of these files that is there, as Serverless Framework reads them. */
function readDotenv(folder: string, names: readonly string[]): Record<string, string | undefined> {
  for (const name of names) {
    try {
      return parseEnv(readFileSync(resolve(folder, name), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return {};
}
