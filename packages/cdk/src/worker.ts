import { type CfnFunction, Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type Duration, Lazy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { templateOf } from './function-template.ts';

/**
 * The function once more, to run its jobs: the background handler finds in it what it finds in `fn`, including what
 * is added to `fn` afterwards.
 */
export function workerOf(
  scope: Construct,
  fn: LambdaFunction,
  { timeout, memorySize }: { timeout: Duration; memorySize?: number | undefined },
): LambdaFunction {
  const memory = memorySize ?? templateOf(fn).memorySize;
  const worker = new LambdaFunction(scope, 'Worker', {
    description: `Background jobs of ${fn.node.path}`,
    runtime: fn.runtime,
    architecture: fn.architecture,
    handler: '/opt/proxy.consumer',
    code: Code.fromInline('// The code of the function takes its place.'),
    timeout,
    ...(memory !== undefined && { memorySize: memory }),
    // One role: the handler may do in the worker what it may do in the function.
    ...(fn.role && { role: fn.role }),
  });
  copyTemplate(templateOf(fn), templateOf(worker));
  return worker;
}

function copyTemplate(from: CfnFunction, to: CfnFunction): void {
  to.code = from.code;
  for (const [name, value] of Object.entries(from.cfnOptions.metadata ?? {})) {
    if (name.startsWith('aws:asset:')) to.addMetadata(name, value);
  }
  to.ephemeralStorage = from.ephemeralStorage;
  to.fileSystemConfigs = from.fileSystemConfigs;
  to.kmsKeyArn = from.kmsKeyArn;
  to.layers = from.layers;
  to.tracingConfig = from.tracingConfig;
  to.vpcConfig = from.vpcConfig;

  const { environment, loggingConfig } = to;
  to.environment = Lazy.uncachedAny({
    produce: (context) => {
      const [shared, own] = [context.resolve(from.environment), context.resolve(environment)];
      return { variables: { ...shared?.variables, ...own?.variables } };
    },
  });
  // The function's form of log lines, in the worker's own log group.
  to.loggingConfig = Lazy.uncachedAny({
    produce: (context) => {
      const { logGroup: _, ...form } = context.resolve(from.loggingConfig) ?? {};
      const config = { ...form, ...context.resolve(loggingConfig) };
      return Object.keys(config).length > 0 ? config : undefined;
    },
  });
}
