import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Section } from '../section.ts';
import { OPEN_API_ELSEWHERE } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';
import { readYamlFile } from '../yaml-file.ts';

export interface SamDefinitionContext {
  readonly folder: string;
  /** Called with a file that the definition is in. */
  readonly onFile: (file: string) => void;
  readonly warnings: Warnings;
}

/** The OpenAPI definition of an API: in its properties, or in a file on this machine that they name. */
export function findSamDefinition(
  properties: Section,
  { folder, onFile, warnings }: SamDefinitionContext,
): Section | undefined {
  const key = properties.has('DefinitionBody') ? 'DefinitionBody' : 'DefinitionUri';
  if (!properties.has(key)) return undefined;
  const location =
    key === 'DefinitionUri'
      ? properties.get(key)
      : properties.section(key).section('Fn::Transform').section('Parameters').get('Location');
  if (key === 'DefinitionBody' && location === undefined) return properties.section(key);
  const file = typeof location === 'string' ? resolve(folder, location) : undefined;
  if (file === undefined || !existsSync(file)) {
    warnings.add(OPEN_API_ELSEWHERE, properties.place(key));
    return undefined;
  }
  onFile(file);
  return properties.include(readYamlFile(file));
}

/** The OpenAPI definition of an API that is not a SAM resource. */
export function findPlainDefinition(properties: Section, warnings: Warnings): Section | undefined {
  if (properties.has('Body')) return properties.section('Body');
  if (properties.has('BodyS3Location')) warnings.add(OPEN_API_ELSEWHERE, properties.place());
  return undefined;
}
