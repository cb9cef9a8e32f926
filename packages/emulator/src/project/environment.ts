import type { AwsResources } from './aws-resources.ts';
import type { Section } from './section.ts';

/**
 * Merges environment variables, later ones win. A variable without a value is left out, also when
 * an earlier section had it.
 */
export function readEnvironment(
  sections: readonly Section[],
  resources: AwsResources,
  evaluate: (value: unknown) => unknown = (value) => value,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const section of sections) {
    for (const name of section.keys()) {
      const value = resources.inVariable(name, () => evaluate(section.get(name)));
      if (value === undefined || value === null) delete environment[name];
      else if (typeof value === 'object')
        section.fail('must be text, a number or true/false', name);
      else environment[name] = String(value);
    }
  }
  return environment;
}
