import type { AwsResources } from './aws-resources.ts';
import { readEnvironment } from './environment.ts';
import { RuntimeUnsupportedError } from './errors.ts';
import { SERVERLESS_FUNCTION_KEYS, warnOfTypos } from './function-keys.ts';
import { checkHandlerFile } from './handler-file.ts';
import { findLayers, type LayerOptions } from './layers.ts';
import type { FunctionDefinition } from './project.ts';
import { chooseRuntime } from './runtime.ts';
import type { Section } from './section.ts';
import type { Warnings } from './warnings.ts';

// https://www.serverless.com/framework/docs/providers/aws/guide/functions
const DEFAULT_TIMEOUT_S = 6;
const DEFAULT_MEMORY_MIB = 1024;

export interface ServerlessContext {
  readonly provider: Section;
  readonly folder: string;
  /** `service-stage-`, the start of the names that functions get in Lambda. */
  readonly deployedPrefix: string;
  readonly layers: LayerOptions;
  readonly evaluate: (value: unknown) => unknown;
  readonly resources: AwsResources;
  readonly warnings: Warnings;
}

/** Reads one entry of `functions`. The answer is no definition when the function cannot run here. */
export function readFunction(
  name: string,
  section: Section,
  { provider, folder, deployedPrefix, layers, evaluate, resources, warnings }: ServerlessContext,
): FunctionDefinition | RuntimeUnsupportedError | undefined {
  warnOfTypos(section, SERVERLESS_FUNCTION_KEYS, warnings);
  if (section.has('image')) {
    warnings.add(
      `The function ${name} is a container image, which is not emulated; it is left out.`,
      section.place(),
    );
    return undefined;
  }
  const choice = chooseRuntime(section.string('runtime') ?? provider.string('runtime'));
  if ('unsupported' in choice) {
    warnings.add(
      `The runtime ${choice.unsupported} is not emulated; the function ${name} is left out.`,
      section.place(),
    );
    return new RuntimeUnsupportedError(section.place(), {
      functionName: name,
      runtime: choice.unsupported,
    });
  }
  if (choice.note) warnings.add(`Of the functions: ${choice.note}.`);
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
  const place = section.place('handler');
  checkHandlerFile({
    functionName: name,
    handler,
    code: folder,
    hasLayers: references.length > 0,
    place,
  });

  const maxConcurrency = section.integer('reservedConcurrency');
  return {
    name,
    deployedName: section.string('name') ?? deployedPrefix + name,
    code: folder,
    handler,
    runtime: choice.runtime,
    layers: findLayers(references, layerOwner.place('layers'), layers),
    environment: readEnvironment(
      [provider.section('environment'), section.section('environment')],
      resources,
      evaluate,
    ),
    timeoutMs:
      1000 * (section.integer('timeout') ?? provider.integer('timeout') ?? DEFAULT_TIMEOUT_S),
    memoryMiB:
      section.integer('memorySize') ?? provider.integer('memorySize') ?? DEFAULT_MEMORY_MIB,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    hasUrl: section.has('url') && section.get('url') !== false,
  };
}
