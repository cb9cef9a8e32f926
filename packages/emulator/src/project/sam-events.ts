import type { Route } from './project.ts';
import { toRoute } from './routes.ts';
import type { Section } from './section.ts';
import { AUTHORIZERS, CORS, misspelt, notEmulated, PAYLOAD_1 } from './unsupported.ts';
import type { Warnings } from './warnings.ts';

/** The routes among a function's `Events`. Other types become warnings, one for each type. */
export function readSamEvents(
  functionName: string,
  resource: Section,
  warnings: Warnings,
): Route[] {
  return resource
    .section('Properties')
    .section('Events')
    .sections()
    .flatMap(([, event]) => {
      const type = event.string('Type') ?? 'unknown';
      if (type !== 'HttpApi') {
        const isMisspelt = type.toLowerCase() === 'httpapi';
        warnings.add(isMisspelt ? misspelt(type, 'HttpApi') : notEmulated(type), event.place());
        return [];
      }
      const properties = event.section('Properties');
      if (properties.has('Auth')) warnings.add(AUTHORIZERS, properties.place('Auth'));
      if (properties.string('PayloadFormatVersion') === '1.0') {
        warnings.add(PAYLOAD_1, properties.place('PayloadFormatVersion'));
      }
      const route = {
        method: properties.string('Method'),
        path: properties.string('Path'),
        timeoutMs: properties.integer('TimeoutInMillis'),
        functionName,
      };
      return [toRoute(route, event.place())];
    });
}

/** Reads the HTTP APIs of a template; the answer is the stage they are served under. */
export function readSamHttpApi(
  apis: readonly Section[],
  globals: Section,
  warnings: Warnings,
): string {
  const properties = apis.map((api) => api.section('Properties'));
  for (const settings of [globals, ...properties]) {
    if (settings.has('Auth')) warnings.add(AUTHORIZERS, settings.place('Auth'));
    if (settings.has('CorsConfiguration')) {
      warnings.add(CORS, settings.place('CorsConfiguration'));
    }
    for (const key of ['DefinitionBody', 'DefinitionUri']) {
      if (settings.has(key)) {
        warnings.add(
          'OpenAPI definitions are not read: only the Events of functions are routes.',
          settings.place(key),
        );
      }
    }
  }
  const [first, ...others] = properties;
  if (others.length > 0) {
    warnings.add('The routes of all HTTP APIs are served together, at one port.');
  }
  return first?.string('StageName') ?? '$default';
}
