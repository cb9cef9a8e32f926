import { resolve } from 'node:path';
import type { AwsResources } from '../aws-resources.ts';
import type { ProjectBundling } from '../bundlers.ts';
import { deployedNameOf } from '../deployed-name.ts';
import { readEnvironment } from '../environment.ts';
import { FunctionUnsupportedError } from '../errors.ts';
import { bundleOf } from '../function-bundle.ts';
import { SERVERLESS_FUNCTION_KEYS, warnOfTypos } from '../function-keys.ts';
import { readInvokeMode } from '../invoke-mode.ts';
import { findLayers, type LayerOptions } from '../layers.ts';
import type { FunctionDefinition } from '../project.ts';
import { isRecord } from '../record.ts';
import { readRuntime } from '../runtime.ts';
import type { Section } from '../section.ts';
import { CONTAINER_IMAGE, warnOfDurable } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';

// https://www.serverless.com/framework/docs/providers/aws/guide/functions
const DEFAULT_TIMEOUT_S = 6;
const DEFAULT_MEMORY_MIB = 1024;
// The framework's own is older in every version (16 in 3), and still takes handlers with a callback.
const DEFAULT_RUNTIME = 'nodejs22.x';

export interface ServerlessContext {
  readonly provider: Section;
  readonly folder: string;
  readonly bundling: ProjectBundling;
  /** Zip file with the code of functions that name none themselves, relative to `folder`. */
  readonly servicePackage: string | undefined;
  /** `service-stage-`, the start of the names that functions get in Lambda. */
  readonly deployedPrefix: string;
  readonly layers: LayerOptions;
  readonly evaluate: (value: unknown) => unknown;
  readonly resources: AwsResources;
  readonly warnings: Warnings;
}

/** The name that the framework gives a function in Lambda. */
export const nameInLambda = (name: string, section: Section, deployedPrefix: string): string =>
  section.string('name') ?? deployedPrefix + name;

/**
 * Reads one entry of `functions`.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_…` when the function cannot run here.
 */
export function readFunction(
  name: string,
  section: Section,
  {
    provider,
    folder,
    servicePackage,
    bundling,
    deployedPrefix,
    layers,
    evaluate,
    resources,
    warnings,
  }: ServerlessContext,
): FunctionDefinition {
  warnOfTypos(section, SERVERLESS_FUNCTION_KEYS, warnings);
  if (section.has('image')) {
    throw new FunctionUnsupportedError(section.place(), {
      functionName: name,
      problem: CONTAINER_IMAGE,
    });
  }
  const runtime = readRuntime(section.string('runtime') ?? provider.string('runtime'), {
    functionName: name,
    place: section.place(),
    warnings,
    fallback: DEFAULT_RUNTIME,
  });
  warnOfDurable(section, 'durableConfig', warnings);
  if (section.has('fileSystemConfig')) {
    warnings.add(
      'File systems (fileSystemConfig) are not mounted.',
      section.place('fileSystemConfig'),
    );
  }

  const handler =
    section.string('handler') ?? section.fail('has no handler; set handler: path/to/module.export');
  // A function's own list replaces the provider's.
  const layerOwner = section.has('layers') ? section : provider;
  const references = resources.silently(() => layerOwner.list('layers').map(evaluate));
  const environment = readEnvironment(
    [provider.section('environment'), section.section('environment')],
    resources,
    evaluate,
  );
  const artifact = section.section('package').string('artifact') ?? servicePackage;
  const code = artifact === undefined ? folder : resolve(folder, artifact);
  const bundle = bundleOf({
    functionName: name,
    handler,
    environment,
    code,
    hasLayers: references.length > 0,
    bundling,
    place: section.place('handler'),
  });
  const maxConcurrency = section.integer('reservedConcurrency');
  const url = section.get('url');
  return {
    name,
    deployedName: deployedNameOf(nameInLambda(name, section, deployedPrefix), warnings),
    code,
    handler,
    ...(bundle && { bundle }),
    runtime,
    layers: findLayers(references, layerOwner.place('layers'), layers),
    environment,
    timeoutMs:
      1000 * (section.integer('timeout') ?? provider.integer('timeout') ?? DEFAULT_TIMEOUT_S),
    memoryMiB:
      section.megabytes('memorySize') ?? provider.megabytes('memorySize') ?? DEFAULT_MEMORY_MIB,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    hasUrl: url !== undefined && url !== false,
    ...(isRecord(url) && readInvokeMode(url.invokeMode)),
  };
}
