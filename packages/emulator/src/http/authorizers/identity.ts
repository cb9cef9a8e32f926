import { isRecord, type Values } from '../../project/record.ts';
import { type HttpRequest, headerValue, splitTarget } from '../http-request.ts';

/** What identity sources can name. */
export interface IdentityFacts {
  readonly request: HttpRequest;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** `$context` variables. */
  readonly context: () => Values;
}

/** The value that a request has for an identity source; `undefined` when it has none. */
export interface Identity {
  readonly source: string;
  readonly value: string | undefined;
}

// `$request.header.Auth` of HTTP APIs, `method.request.header.Auth` of REST APIs.
const SOURCE = /^\$?(?:(?:method\.)?request\.)?(header|querystring|path|context)\.(.+)$/;

/** Stage variables do not exist here, so what names them is left out. */
export function readIdentity(sources: readonly string[], facts: IdentityFacts): Identity[] {
  return sources.flatMap((source) => {
    const [, place = '', name = ''] = SOURCE.exec(source) ?? [];
    const read = PLACES[place];
    // An empty value counts as missing.
    return read ? [{ source, value: read(name, facts) || undefined }] : [];
  });
}

const PLACES: Readonly<Record<string, (name: string, facts: IdentityFacts) => string | undefined>> =
  {
    header: (name, { request }) => headerValue(request, name.toLowerCase()),
    querystring: (name, { request }) =>
      new URLSearchParams(splitTarget(request.target).query).get(name) ?? undefined,
    path: (name, { pathParameters }) => pathParameters[name],
    context: (name, { context }) => {
      const value = name
        .split('.')
        .reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), context());
      return value === undefined || value === null ? undefined : String(value);
    },
  };
