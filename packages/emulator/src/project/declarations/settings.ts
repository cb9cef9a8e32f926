import { attempt } from '../attempt.ts';
import type { AwsResources } from '../aws-resources.ts';
import type { Section } from '../section.ts';
import type { Setting, VariableDeclaration } from './declaration.ts';

/** A setting; one that cannot be read counts as unknown. */
export function readSetting<T>(
  resources: AwsResources,
  read: () => T | undefined,
): Setting<T extends string | number ? T : never> {
  const { value, isKnown } = resources.trace(() => attempt(read));
  if (!isKnown || value instanceof Error) return 'unknown';
  return value as Setting<T extends string | number ? T : never>;
}

/** The environment variables of these sections; later ones win. */
export function readVariables(
  sections: readonly Section[],
  resources: AwsResources,
  evaluate: (value: unknown) => unknown = (value) => value,
): Record<string, VariableDeclaration> {
  const variables: Record<string, VariableDeclaration> = {};
  for (const section of sections) {
    for (const name of section.keys()) {
      const { value, isKnown, undeclared } = resources.trace(() => evaluate(section.get(name)));
      if (isKnown && (value === undefined || value === null)) delete variables[name];
      else {
        const isText = isKnown && typeof value !== 'object';
        variables[name] = { value: isText ? String(value) : undefined, undeclared };
      }
    }
  }
  return variables;
}
