import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProjectInvalidError, ProjectNotFoundError } from '../errors.ts';
import { isRecord, type Values } from '../record.ts';
import { CDK_APP } from './file-names.ts';

/** How an app of the CDK is synthesized. */
export interface CdkApp {
  readonly folder: string;
  /** The command that runs it; absent when nobody says. */
  readonly command: string | undefined;
  /** Where it writes, absolute. */
  readonly output: string;
  /** Values for the app's `tryGetContext()`. */
  readonly context: Values;
  /** The files with these settings. */
  readonly files: readonly string[];
}

/** What the person who starts the run may choose. */
export interface CdkAppOptions {
  /** Instead of the command in `cdk.json`. */
  readonly command?: string | undefined;
  readonly context?: Values;
}

/** What `cdk deploy` has looked up in AWS. */
const LOOKED_UP = 'cdk.context.json';

/**
 * What the CLI of the CDK tells an app: where things are in the app's code, and to use code where it is instead
 * of a copy, so that changes need no synthesis.
 */
const FROM_CLI = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:disable-asset-staging': true,
};

/**
 * Reads a `cdk.json`; a command makes up for one that is not there.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND`, `ASYNC_HTTP_EMULATOR_PROJECT_INVALID`.
 */
export function readCdkApp(file: string, { command, context }: CdkAppOptions): CdkApp {
  const folder = dirname(file);
  if (command === undefined && !existsSync(file)) throw new ProjectNotFoundError({ file });
  const lookedUp = join(folder, LOOKED_UP);
  const settings = readSettings(file);
  const { app, output = 'cdk.out' } = settings;
  return {
    folder,
    command: command ?? (typeof app === 'string' && app !== '' ? app : undefined),
    output: resolve(folder, String(output)),
    context: {
      ...(isRecord(settings.context) && settings.context),
      ...readSettings(lookedUp),
      ...FROM_CLI,
      ...context,
    },
    files: [file, lookedUp].filter((path) => existsSync(path)),
  };
}

function readSettings(file: string): Values {
  if (!existsSync(file)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isRecord(value)) return value;
  } catch (cause) {
    const problem = `this is not valid JSON: ${(cause as Error).message}`;
    throw Object.assign(new ProjectInvalidError({ file }, problem), { cause });
  }
  throw new ProjectInvalidError({ file }, `this is no ${CDK_APP}: it must be a map.`);
}
