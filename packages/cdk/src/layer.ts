import { createRequire } from 'node:module';
import { Code, type ILayerVersion, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Stack } from 'aws-cdk-lib/core';
import { AsyncHttpCdkError } from './errors.ts';

const ID = 'AsyncHttpLayer';

/**
 * The one layer of a stack. Stacks do not share it: a layer version is replaced with each release, and an export
 * that another stack imports cannot be.
 *
 * @throws {AsyncHttpCdkError} `ASYNC_HTTP_CDK_LAYER_MISSING`
 */
export function layerOf(stack: Stack): ILayerVersion {
  const existing = stack.node.tryFindChild(ID) as LayerVersion | undefined;
  // Without compatibleRuntimes: the CDK would refuse a runtime that only the deployment knows, and we check it ourselves.
  return existing ?? new LayerVersion(stack, ID, { code: Code.fromAsset(findZip()) });
}

function findZip(): string {
  try {
    return createRequire(import.meta.url).resolve('@async-http/layer-builder/layer.zip');
  } catch (cause) {
    throw new AsyncHttpCdkError(
      'ASYNC_HTTP_CDK_LAYER_MISSING',
      'The layer.zip of @async-http/layer-builder is not installed, so there is no layer to add. ' +
        'Install @async-http/cdk again without leaving dependencies out, or give a "layer".',
      { cause },
    );
  }
}
