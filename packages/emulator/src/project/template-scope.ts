import type { IntrinsicScope } from './intrinsics.ts';
import { resolveIntrinsics } from './intrinsics.ts';
import { pseudoParameters } from './pseudo-parameters.ts';
import { isRecord, type Values } from './record.ts';
import type { Warnings } from './warnings.ts';

export const REGION = 'us-east-1';
const STACK_NAME = 'local';

export interface TemplateScopeOptions extends Pick<IntrinsicScope, 'resource' | 'imported'> {
  readonly region?: string | undefined;
  readonly stackName?: string;
  /** Values of parameters, by name; those that have none take their default. */
  readonly given?: (parameter: string) => unknown;
  /** Called for what has no value on this machine. */
  readonly onMissing?: () => void;
  readonly warnings: Warnings;
}

/** What `Ref`, `Fn::FindInMap` and conditions of a template stand for: values of its parameters, its mappings. */
export function createTemplateScope(
  template: unknown,
  {
    region = REGION,
    stackName = STACK_NAME,
    given,
    onMissing,
    warnings,
    ...references
  }: TemplateScopeOptions,
): IntrinsicScope {
  const part = (key: string): Values => {
    const value = isRecord(template) ? template[key] : undefined;
    return isRecord(value) ? value : {};
  };
  const parameters = part('Parameters');
  const conditions = part('Conditions');
  const pseudo = pseudoParameters(region, stackName);

  const scope: IntrinsicScope = {
    ...references,
    parameter(name) {
      if (name in pseudo) return pseudo[name];
      const value = given?.(name);
      if (value !== undefined) return value;
      const parameter = parameters[name];
      if (!isRecord(parameter)) return undefined;
      if (parameter.Default !== undefined) {
        if (String(parameter.Type).startsWith('AWS::SSM::')) {
          onMissing?.();
          warnings.add(
            `The parameter ${name} is looked up in AWS; here it holds the name ${parameter.Default}.`,
          );
        }
        return String(parameter.Type).includes('List')
          ? String(parameter.Default)
              .split(',')
              .map((item) => item.trim())
          : parameter.Default;
      }
      onMissing?.();
      warnings.add(
        `The parameter ${name} has no default, so its value is empty here. Give it a Default to run with one.`,
      );
      return '';
    },
    condition: (name) => resolveIntrinsics(conditions[name] ?? false, scope),
    mapping: (keys) =>
      keys.reduce<unknown>(
        (value, key) => (isRecord(value) ? value[key] : undefined),
        part('Mappings'),
      ),
    onUnknown(name) {
      onMissing?.();
      warnings.add(`${name} has no value on this machine.`);
    },
  };
  return scope;
}
