import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';

/** The `AWS::Lambda::Function` of a function. */
export const templateOf = (fn: LambdaFunction): CfnFunction => fn.node.defaultChild as CfnFunction;

/** The variables of a function; what only the deployment knows is not a string. */
export function variablesOf(fn: LambdaFunction): Readonly<Record<string, unknown>> {
  return Stack.of(fn).resolve(templateOf(fn).environment)?.variables ?? {};
}
