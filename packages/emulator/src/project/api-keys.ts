import type { Api } from './project.ts';
import type { Section } from './section.ts';
import { unknownApiKeys } from './unsupported.ts';
import type { Warnings } from './warnings.ts';

export const API_KEY = 'AWS::ApiGateway::ApiKey';

/** A key of a project's REST APIs. */
export interface DeclaredApiKey {
  readonly name: string;
  /** Absent when AWS makes it up. */
  readonly value: string | undefined;
}

/** An `AWS::ApiGateway::ApiKey`; one that is switched off opens nothing. */
export function readApiKeyResource(
  id: string,
  properties: Section,
  known: <T>(read: () => T) => T | undefined,
): DeclaredApiKey[] {
  if (properties.get('Enabled') === false) return [];
  const value = known(() => properties.string('Value'));
  const name = known(() => properties.string('Name')) ?? id;
  // CloudFormation looks up such values itself.
  return [{ name, value: value?.includes('{{resolve:') ? undefined : value }];
}

/** Where an API takes the key of a request from. */
export const readApiKeySource = (source: string | undefined): Pick<Api, 'apiKeySource'> =>
  source?.toUpperCase() === 'AUTHORIZER' ? { apiKeySource: 'AUTHORIZER' } : {};

/** Every key of a project opens all its APIs, because usage plans are not emulated. */
export function withApiKeys(
  apis: readonly Api[],
  keys: readonly DeclaredApiKey[],
  warnings: Warnings,
): readonly Api[] {
  const needKeys = apis.filter(({ routes }) => routes.some(({ needsApiKey }) => needsApiKey));
  if (needKeys.length === 0) return apis;
  const values = keys.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (keys.length === 0 || values.length < keys.length) {
    const unknown = keys.filter(({ value }) => value === undefined);
    warnings.add(unknownApiKeys(unknown.map(({ name }) => name)));
    return apis;
  }
  return apis.map((api) => (needKeys.includes(api) ? { ...api, apiKeys: values } : api));
}
