import type { Section } from '../section.ts';
import { OPEN_API_ELSEWHERE } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';
import { readYamlFile } from '../yaml-file.ts';
import { assetOf } from './assets.ts';
import type { CdkResource } from './resources.ts';

/** The OpenAPI definition of an API: in the template, or an asset. */
export function findCdkDefinition(api: CdkResource, warnings: Warnings): Section | undefined {
  const { properties } = api;
  if (properties.has('Body')) return properties.section('Body');
  if (!properties.has('BodyS3Location')) return undefined;
  const file = assetOf(api, 'BodyS3Location');
  if (file !== undefined) return properties.include(readYamlFile(file));
  warnings.add(OPEN_API_ELSEWHERE, properties.place());
  return undefined;
}
