import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AwsResources } from '../aws-resources.ts';
import { defaultBundling } from '../bundlers.ts';
import { deployedNameOf } from '../deployed-name.ts';
import { readEnvironment } from '../environment.ts';
import { FunctionUnsupportedError } from '../errors.ts';
import { bundleOf } from '../function-bundle.ts';
import { readInvokeMode } from '../invoke-mode.ts';
import { findLayers, type LayerOptions } from '../layers.ts';
import type { FunctionDefinition } from '../project.ts';
import { readRuntime } from '../runtime.ts';
import { CONTAINER_IMAGE, warnOfDurable } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';
import { assetOf } from './assets.ts';
import type { CdkResource } from './resources.ts';

// Lambda's own defaults.
const DEFAULT_TIMEOUT_S = 3;
const DEFAULT_MEMORY_MIB = 128;

export interface CdkFunctionContext {
  readonly name: string;
  /** Absent when the function has no URL. */
  readonly url: CdkResource | undefined;
  readonly layers: LayerOptions;
  readonly references: AwsResources;
  readonly warnings: Warnings;
}

/**
 * Reads one `AWS::Lambda::Function`.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_…` when the function cannot run here.
 */
export function readCdkFunction(
  resource: CdkResource,
  { name, url, layers, references, warnings }: CdkFunctionContext,
): FunctionDefinition {
  const { properties, stack } = resource;
  const place = properties.place();
  const fail = (problem: string): never => {
    throw new FunctionUnsupportedError(place, { functionName: name, problem });
  };

  if (properties.string('PackageType') === 'Image' || properties.section('Code').has('ImageUri')) {
    fail(CONTAINER_IMAGE);
  }
  const runtime = readRuntime(properties.string('Runtime'), {
    functionName: name,
    place,
    warnings,
  });
  warnOfDurable(properties, 'DurableConfig', warnings);
  const inlineCode = properties.section('Code').string('ZipFile');
  const code =
    inlineCode === undefined
      ? (assetOf(resource, 'Code') ?? fail('has its code in S3, not on this machine'))
      : dirname(stack.file);
  if (!existsSync(code)) {
    fail(`is to have its code at ${code}, but nothing is there. Synthesize the app again`);
  }
  const handler = properties.string('Handler') ?? fail('has no handler');
  const layerIds = properties.list('Layers');
  const environment = readEnvironment(
    [properties.section('Environment').section('Variables')],
    references,
  );
  const bundle =
    inlineCode === undefined
      ? bundleOf({
          functionName: name,
          handler,
          environment,
          code,
          hasLayers: layerIds.length > 0,
          bundling: defaultBundling(code),
          place,
        })
      : undefined;
  const maxConcurrency = properties.integer('ReservedConcurrentExecutions');
  return {
    name,
    deployedName: deployedNameOf(resource.functionName, warnings),
    code,
    handler,
    ...(inlineCode !== undefined && { inlineCode }),
    ...(bundle && { bundle }),
    runtime,
    layers: findLayers(layerIds, place, layers),
    environment,
    timeoutMs: 1000 * (properties.integer('Timeout') ?? DEFAULT_TIMEOUT_S),
    memoryMiB: properties.integer('MemorySize') ?? DEFAULT_MEMORY_MIB,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    hasUrl: url !== undefined,
    ...readInvokeMode(url?.properties.string('InvokeMode')),
  };
}
