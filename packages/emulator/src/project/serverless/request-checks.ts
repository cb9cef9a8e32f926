import type { DeclaredApiKey } from '../api-keys.ts';
import type { Route } from '../project.ts';
import { isRecord } from '../record.ts';
import { toRequestSchema, toRequestValidation } from '../request-models.ts';
import type { Section } from '../section.ts';

/** What an `http` event asks of a request, besides an authorizer. */
export function readRequestChecks(
  event: Section,
  provider: Section,
): Pick<Route, 'needsApiKey' | 'validation'> {
  return {
    ...(event.get('private') === true && { needsApiKey: true }),
    ...readValidation(event.section('request'), provider),
  };
}

/** The framework adds a validator where there is a schema or a required parameter. */
function readValidation(request: Section, provider: Section): Pick<Route, 'validation'> {
  const parameters = [
    ...requiredOf(request, 'querystrings', 'querystring'),
    ...requiredOf(request, 'headers', 'header'),
    ...requiredOf(request, 'paths', 'path'),
  ];
  const schemas = request.section('schemas');
  const shared = provider.section('apiGateway').section('request').section('schemas');
  const body = schemas.keys().map((mediaType) => {
    const value = schemas.get(mediaType);
    const definition = typeof value === 'string' && shared.has(value) ? shared.get(value) : value;
    const schema = isRecord(definition) && definition.schema ? definition.schema : definition;
    return [mediaType, toRequestSchema(schema)] as const;
  });
  return toRequestValidation(parameters, body);
}

/** `true`, or a map that says so with `required`. */
function requiredOf(request: Section, key: string, place: string): string[] {
  const all = request.section('parameters').section(key);
  return all
    .keys()
    .filter((name) => {
      const value = all.get(name);
      return isRecord(value) ? (value.required ?? true) === true : value === true;
    })
    .map((name) => `method.request.${place}.${name}`);
}

/** `provider.apiGateway.apiKeys`: names, maps of name and value, and lists of them by usage plan. */
export function readServerlessApiKeys(provider: Section): DeclaredApiKey[] {
  return provider.section('apiGateway').list('apiKeys').flatMap(toApiKeys);
}

function toApiKeys(key: unknown): DeclaredApiKey[] {
  if (!isRecord(key)) return [{ name: String(key), value: undefined }];
  const lists = Object.values(key).filter(Array.isArray);
  if (lists.length > 0) return lists.flat().flatMap(toApiKeys);
  if (key.enabled === false) return [];
  const value = key.value === undefined || key.value === null ? undefined : String(key.value);
  return [{ name: String(key.name ?? 'without a name'), value }];
}
