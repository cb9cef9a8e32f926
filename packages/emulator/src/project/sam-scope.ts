import type { IntrinsicScope } from './intrinsics.ts';
import { resolveIntrinsics } from './intrinsics.ts';
import { pseudoParameters } from './pseudo-parameters.ts';
import { isRecord, type Values } from './record.ts';
import type { Warnings } from './warnings.ts';

export const REGION = 'us-east-1';
const STACK_NAME = 'local';

/** What `Ref`, `Fn::FindInMap` and conditions of a template stand for: defaults of its parameters, its mappings. */
export function createSamScope(
  template: unknown,
  {
    resource,
    warnings,
  }: { resource: (name: string, attribute?: string) => unknown; warnings: Warnings },
): IntrinsicScope {
  const part = (key: string): Values => {
    const value = isRecord(template) ? template[key] : undefined;
    return isRecord(value) ? value : {};
  };
  const parameters = part('Parameters');
  const conditions = part('Conditions');
  const pseudo = pseudoParameters(REGION, STACK_NAME);

  const scope: IntrinsicScope = {
    resource,
    parameter(name) {
      if (name in pseudo) return pseudo[name];
      const parameter = parameters[name];
      if (!isRecord(parameter)) return undefined;
      if (parameter.Default !== undefined) {
        return String(parameter.Type).includes('List')
          ? String(parameter.Default)
              .split(',')
              .map((item) => item.trim())
          : parameter.Default;
      }
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
    onUnknown: (name) => warnings.add(`${name} has no value on this machine.`),
  };
  return scope;
}
