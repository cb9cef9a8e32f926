import { methodsOf, toCors, toPreflight } from '../cors.ts';
import type { Cors, Route } from '../project.ts';
import type { Section } from '../section.ts';

/**
 * `CorsConfiguration` of an HTTP API; what a later section says wins.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapicorsconfiguration.html
 */
export function readCorsConfiguration(sections: readonly Section[]): Cors | undefined {
  const found = find(sections, 'CorsConfiguration');
  if (!found) return undefined;
  if ('text' in found) return toCors({ origins: [found.text === 'true' ? '*' : found.text] });
  const list = (key: string) => owner(found.maps, key)?.list(key).map(unquote);
  return toCors({
    origins: list('AllowOrigins'),
    methods: list('AllowMethods'),
    headers: list('AllowHeaders'),
    exposed: list('ExposeHeaders'),
    credentials: owner(found.maps, 'AllowCredentials')?.get('AllowCredentials') === true,
    maxAge: owner(found.maps, 'MaxAge')?.integer('MaxAge'),
  });
}

/**
 * The OPTIONS routes that `Cors` adds to a REST API: one for each path that has none.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-corsconfiguration.html
 */
export function readCors(sections: readonly Section[], routes: readonly Route[]): Route[] {
  const found = find(sections, 'Cors');
  if (!found) return [];
  const maps = 'maps' in found ? found.maps : [];
  const value = (key: string) => {
    const text = owner(maps, key)?.string(key);
    return text === undefined ? undefined : unquote(text);
  };
  const items = (text: string | undefined) => (text === undefined ? undefined : [text]);
  const origin = 'text' in found ? unquote(found.text) : value('AllowOrigin');
  const maxAge = value('MaxAge');
  return [...Map.groupBy(routes, ({ path }) => path)]
    .filter(([, own]) => !own.some(({ method }) => method === 'OPTIONS'))
    .map(([path, own]) => ({
      method: 'OPTIONS',
      path,
      functionName: own[0]?.functionName ?? '',
      preflight: toPreflight({
        origins: items(origin),
        methods: items(value('AllowMethods')) ?? methodsOf(own).toSorted(),
        headers: items(value('AllowHeaders')),
        credentials: owner(maps, 'AllowCredentials')?.get('AllowCredentials') === true,
        maxAge: maxAge === undefined ? undefined : Number(maxAge),
      }),
    }));
}

/** The value of the last section that has the key: text, or a map that adds to those before it. */
function find(
  sections: readonly Section[],
  key: string,
): { readonly text: string } | { readonly maps: readonly Section[] } | undefined {
  const value = owner(sections, key)?.get(key);
  if (value === undefined || value === false) return undefined;
  if (typeof value !== 'object') return { text: String(value) };
  const maps = sections.filter((section) => typeof section.get(key) === 'object');
  return { maps: maps.map((section) => section.section(key)) };
}

const owner = (sections: readonly Section[], key: string): Section | undefined =>
  sections.findLast((section) => section.has(key));

/** Values are often written as API Gateway wants them in REST APIs: `"'*'"`. */
const unquote = (value: unknown): string => String(value).replace(/^'(.*)'$/, '$1');
