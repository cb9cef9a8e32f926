import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { AwsResources } from '../aws-resources.ts';
import { deployedNameOf } from '../deployed-name.ts';
import { readEnvironment } from '../environment.ts';
import { FunctionUnsupportedError } from '../errors.ts';
import { bundleOf } from '../function-bundle.ts';
import { SAM_FUNCTION_KEYS, warnOfTypos } from '../function-keys.ts';
import { readInvokeMode } from '../invoke-mode.ts';
import { findLayers, type LayerOptions } from '../layers.ts';
import type { FunctionDefinition } from '../project.ts';
import { readRuntime } from '../runtime.ts';
import type { Section } from '../section.ts';
import { warnOfDurable } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';
import { freshBuild, readSamBuild } from './build.ts';
import { readSamImage } from './image.ts';

// Lambda's own defaults, which SAM leaves in place.
const DEFAULT_TIMEOUT_S = 3;
const DEFAULT_MEMORY_MIB = 128;

export interface SamContext {
  /** `Globals.Function`. */
  readonly globals: Section;
  readonly folder: string;
  readonly layers: LayerOptions;
  readonly resources: AwsResources;
  readonly warnings: Warnings;
  /** Called with the sources of a function that runs from a build, and with the Dockerfile of an image. */
  readonly onSources: (folder: string) => void;
}

/**
 * Reads one `AWS::Serverless::Function`.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_…` when the function cannot run here.
 */
export function readSamFunction(
  name: string,
  resource: Section,
  { globals, folder, layers, resources, warnings, onSources }: SamContext,
): FunctionDefinition {
  const own = resource.section('Properties');
  for (const section of [globals, own]) warnOfTypos(section, SAM_FUNCTION_KEYS, warnings);
  // Globals are overridden by the function; maps are merged, lists are joined.
  // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
  const owner = (key: string) => (own.has(key) ? own : globals);
  const fail = (problem: string): never => {
    throw new FunctionUnsupportedError(resource.place(), { functionName: name, problem });
  };

  const isImage = owner('PackageType').string('PackageType') === 'Image';
  const image = isImage
    ? readSamImage(resource, owner('ImageConfig').section('ImageConfig'), {
        folder,
        fail,
        warnings,
      })
    : undefined;
  if (image) onSources(image.file);
  const runtime = readRuntime(image?.runtime ?? owner('Runtime').string('Runtime'), {
    functionName: name,
    place: resource.place(),
    warnings,
  });
  warnOfDurable(owner('DurableConfig'), 'DurableConfig', warnings);
  const inlineCode = own.string('InlineCode');
  const ownCode = inlineCode === undefined ? owner('CodeUri').get('CodeUri') : undefined;
  const codeUri = image?.code ?? ownCode ?? '.';
  const sources =
    typeof codeUri === 'string' && !codeUri.startsWith('s3://')
      ? folderOfFile(resolve(folder, codeUri))
      : fail('has its code in S3, not on this machine');
  const isPackage = sources.endsWith('.zip') && existsSync(sources);
  if (!isPackage && !statSync(sources, { throwIfNoEntry: false })?.isDirectory()) {
    owner('CodeUri').fail(
      `is ${sources}, which is neither a folder nor a zip file. Build the code first (sam build), or correct the path`,
      'CodeUri',
    );
  }
  const canBeBuilt = inlineCode === undefined && !isPackage && !image;
  const built = canBeBuilt ? freshBuild(folder, name, sources) : undefined;
  if (built) {
    warnings.add(
      'Functions and layers run as sam build left them in .aws-sam/build, which is newer than their sources.',
    );
    onSources(sources);
  }
  const code = built ?? sources;

  const handlerOwner = owner('Handler');
  const handler = image?.handler ?? handlerOwner.string('Handler') ?? own.fail('has no Handler');
  const references = resources.silently(() =>
    [globals, own].flatMap((section) => section.list('Layers')),
  );
  const functionLayers = findLayers(references, owner('Layers').place('Layers'), layers);
  const environment = readEnvironment(
    [globals, own].map((section) => section.section('Environment').section('Variables')),
    resources,
  );
  const { bundling, entryPoints } = readSamBuild(resource, code);
  const bundle =
    inlineCode === undefined
      ? bundleOf({
          functionName: name,
          handler,
          environment,
          code,
          hasLayers: references.length > 0,
          bundling,
          entryPoints,
          place: image?.handlerPlace ?? handlerOwner.place('Handler'),
        })
      : undefined;
  const maxConcurrency = own.integer('ReservedConcurrentExecutions');
  return {
    name,
    deployedName: deployedNameOf(own.string('FunctionName') ?? name, warnings),
    code,
    handler,
    ...(inlineCode !== undefined && { inlineCode }),
    ...(bundle && { bundle }),
    runtime,
    layers: functionLayers,
    environment,
    timeoutMs: 1000 * (owner('Timeout').integer('Timeout') ?? DEFAULT_TIMEOUT_S),
    memoryMiB: owner('MemorySize').megabytes('MemorySize') ?? DEFAULT_MEMORY_MIB,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...functionUrlOf(resource, globals),
  };
}

/** What `FunctionUrlConfig` says, that of `Globals.Function` too. */
export function functionUrlOf(
  resource: Section,
  globals: Section,
): Pick<FunctionDefinition, 'hasUrl' | 'urlStreams'> {
  const configs = [globals, resource.section('Properties')].filter((section) =>
    section.has('FunctionUrlConfig'),
  );
  const modes = configs.map((section) => section.section('FunctionUrlConfig').string('InvokeMode'));
  return { hasUrl: configs.length > 0, ...readInvokeMode(modes.findLast(Boolean)) };
}

/** A file that is not a zip is packaged alone, so that it is at the root of `/var/task`. */
const folderOfFile = (path: string): string =>
  !path.endsWith('.zip') && statSync(path, { throwIfNoEntry: false })?.isFile()
    ? dirname(path)
    : path;
