import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProjectInvalidError, ProjectNotFoundError } from '../errors.ts';
import { isRecord, type Values } from '../record.ts';

/** A stack of an app, or one that is nested in it. */
export interface StackTemplate {
  /** Unique in the app. */
  readonly name: string;
  /** Absent when the app leaves it open. */
  readonly region: string | undefined;
  readonly file: string;
  readonly template: Values;
  /** Files and folders with the code of functions and layers, absolute, by their key in S3. */
  readonly assets: ReadonlyMap<string, string>;
  /** By logical id. */
  readonly nested: ReadonlyMap<string, StackTemplate>;
}

/** What an app has synthesized: the content of `cdk.out`. */
export interface Assembly {
  readonly stacks: readonly StackTemplate[];
  /** Kinds of values of an AWS account that the app asked for and did not get. */
  readonly missing: readonly string[];
  /** Every file of it that says what runs. */
  readonly files: readonly string[];
}

/**
 * Reads the stacks of a cloud assembly, also those of its stages.
 *
 * @see https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
 * @throws codes `ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND`, `ASYNC_HTTP_EMULATOR_PROJECT_INVALID`.
 */
export function readAssembly(manifest: string): Assembly {
  const folder = dirname(manifest);
  const { artifacts, missing } = readJson(manifest);
  if (!isRecord(artifacts)) throw notWrittenByCdk(manifest);
  const entries = Object.entries(artifacts).flatMap(([id, artifact]): Artifact[] => {
    if (!isRecord(artifact)) return [];
    const properties = isRecord(artifact.properties) ? artifact.properties : {};
    return [{ id, ...artifact, properties }];
  });
  const ofType = (type: string) => entries.filter((artifact) => artifact.type === type);

  const files = new Set([manifest]);
  const assets = new Map<string, string>();
  for (const { properties } of ofType('cdk:asset-manifest')) {
    const file = join(folder, String(properties.file));
    files.add(file);
    for (const [key, path] of readAssets(file)) assets.set(key, path);
  }
  const load = (name: string, path: string, region: string | undefined): StackTemplate => {
    const file = resolve(folder, path);
    files.add(file);
    const template = readJson(file);
    const nested = nestedTemplates(template, assets).map(
      ([id, inner]) => [id, load(`${name}-${id}`, inner, region)] as const,
    );
    return { name, region, file, template, assets, nested: new Map(nested) };
  };
  const stacks = ofType('aws:cloudformation:stack').map(({ id, environment, properties }) =>
    load(id, String(properties.templateFile), regionOf(environment)),
  );
  const inner = ofType('cdk:cloud-assembly').map(({ properties }) =>
    readAssembly(join(folder, String(properties.directoryName), 'manifest.json')),
  );
  return {
    stacks: [...stacks, ...inner.flatMap((assembly) => assembly.stacks)],
    missing: [
      ...(Array.isArray(missing) ? missing.map(({ provider }) => String(provider)) : []),
      ...inner.flatMap((assembly) => assembly.missing),
    ],
    files: [...files, ...inner.flatMap((assembly) => assembly.files)],
  };
}

interface Artifact {
  readonly id: string;
  readonly type?: unknown;
  readonly environment?: unknown;
  readonly properties: Values;
}

function readAssets(file: string): [key: string, path: string][] {
  const { files } = readJson(file);
  return Object.values(isRecord(files) ? files : {}).flatMap((asset) => {
    if (!isRecord(asset) || !isRecord(asset.source) || !isRecord(asset.destinations)) return [];
    const { path } = asset.source;
    if (typeof path !== 'string') return [];
    return Object.values(asset.destinations)
      .filter(isRecord)
      .map(({ objectKey }): [string, string] => [String(objectKey), resolve(dirname(file), path)]);
  });
}

/** The templates of nested stacks; which ones are on this machine, their address in S3 says too. */
function nestedTemplates(
  { Resources }: Values,
  assets: ReadonlyMap<string, string>,
): [id: string, file: string][] {
  return Object.entries(isRecord(Resources) ? Resources : {}).flatMap(([id, resource]) => {
    if (!isRecord(resource) || resource.Type !== 'AWS::CloudFormation::Stack') return [];
    const { Metadata: metadata, Properties: properties } = resource;
    const path = isRecord(metadata) ? metadata['aws:asset:path'] : undefined;
    const url = JSON.stringify(isRecord(properties) ? properties.TemplateURL : undefined) ?? '';
    const file =
      typeof path === 'string' ? path : [...assets].find(([key]) => url.includes(key))?.[1];
    return file === undefined ? [] : [[id, file] as [string, string]];
  });
}

/** `aws://123456789012/eu-west-1`; an app may leave both open. */
function regionOf(environment: unknown): string | undefined {
  const region = String(environment).split('/').at(-1);
  return region === undefined || !/^[a-z]+-.*\d$/.test(region) ? undefined : region;
}

function readJson(file: string): Values {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw Object.assign(new ProjectNotFoundError({ file }), { cause });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  throw notWrittenByCdk(file);
}

const notWrittenByCdk = (file: string) =>
  new ProjectInvalidError(
    { file },
    'this is not a file that the CDK has written. Synthesize the app again.',
  );
