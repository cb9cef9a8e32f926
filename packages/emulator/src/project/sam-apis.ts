import { type ApiRoute, groupByApi, warnOfSeveral } from './api-list.ts';
import type { Place } from './errors.ts';
import type { Api } from './project.ts';
import { readCors, readCorsConfiguration } from './sam-cors.ts';
import type { Section } from './section.ts';
import { AUTHORIZERS } from './unsupported.ts';
import type { Warnings } from './warnings.ts';

/** Section of `Globals`, and the stage that SAM gives to an API without `StageName`. */
const BY_PROTOCOL = {
  http: { globals: 'HttpApi', stage: '$default' },
  rest: { globals: 'Api', stage: 'Prod' },
} as const;

export interface SamApisContext {
  /** Properties of `AWS::Serverless::HttpApi` and `AWS::Serverless::Api`, by logical id. */
  readonly apis: ReadonlyMap<string, Section>;
  readonly globals: Section;
  readonly place: Place;
  readonly warnings: Warnings;
}

/** Groups the routes of all functions by their APIs, explicit ones and those that SAM adds. */
export function readSamApis(
  routes: readonly ApiRoute[],
  { apis, globals, place, warnings }: SamApisContext,
): Api[] {
  for (const properties of apis.values()) warnOfDefinitions(properties, warnings);
  const grouped = groupByApi(
    routes,
    ({ name, protocol }, own) => {
      const { globals: key, stage } = BY_PROTOCOL[protocol];
      const properties = apis.get(name);
      const sections = [globals.section(key), ...(properties ? [properties] : [])];
      for (const settings of sections) {
        if (settings.has('Auth')) warnings.add(AUTHORIZERS, settings.place('Auth'));
      }
      const binaryMediaTypes = sections
        .flatMap((settings) => settings.list('BinaryMediaTypes'))
        .map((type) => String(type).replaceAll('~1', '/'));
      const cors = protocol === 'http' ? readCorsConfiguration(sections) : undefined;
      return {
        stage: properties?.string('StageName') ?? stage,
        ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
        ...(cors && { cors }),
        ...(protocol === 'rest' && { more: readCors(sections, own) }),
      };
    },
    place,
  );
  warnOfSeveral(grouped, warnings);
  return grouped;
}

function warnOfDefinitions(properties: Section, warnings: Warnings): void {
  for (const key of ['DefinitionBody', 'DefinitionUri']) {
    if (properties.has(key)) {
      warnings.add(
        'OpenAPI definitions are not read: only the Events of functions are routes.',
        properties.place(key),
      );
    }
  }
}
