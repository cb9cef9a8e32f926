import type { Route } from './project.ts';
import { isRecord } from './record.ts';
import { toRoute } from './routes.ts';
import type { Section } from './section.ts';
import { AUTHORIZERS, CORS, misspelt, notEmulated, PAYLOAD_1 } from './unsupported.ts';
import type { Warnings } from './warnings.ts';

/** The routes among a function's events. Events of other kinds become warnings, one for each kind. */
export function readEvents(functionName: string, section: Section, warnings: Warnings): Route[] {
  return section.items('events').flatMap((event) =>
    event.keys().flatMap((kind) => {
      if (kind === 'httpApi') return [readRoute(functionName, event, warnings)];
      const isMisspelt = kind.toLowerCase() === 'httpapi';
      warnings.add(isMisspelt ? misspelt(kind, 'httpApi') : notEmulated(kind), event.place());
      return [];
    }),
  );
}

function readRoute(functionName: string, event: Section, warnings: Warnings): Route {
  const place = event.place('httpApi');
  const value = event.get('httpApi');
  if (isRecord(value)) {
    if (value.authorizer) warnings.add(AUTHORIZERS, place);
    const text = (key: string) => (value[key] === undefined ? undefined : String(value[key]));
    return toRoute({ method: text('method'), path: text('path'), functionName }, place);
  }
  const [first = '*', path] = String(value).trim().split(/\s+/);
  return toRoute(
    path === undefined && first.startsWith('/')
      ? { method: '*', path: first, functionName }
      : { method: first, path, functionName },
    place,
  );
}

/** `provider.httpApi`: what it asks for and the local HTTP API does not do. */
export function readHttpApiSettings(
  provider: Section,
  hasRoutes: boolean,
  warnings: Warnings,
): void {
  if (!hasRoutes || !provider.has('httpApi')) return;
  const settings = provider.section('httpApi');
  if (settings.has('cors') && settings.get('cors') !== false)
    warnings.add(CORS, settings.place('cors'));
  if (settings.string('payload') === '1.0') warnings.add(PAYLOAD_1, settings.place('payload'));
}
