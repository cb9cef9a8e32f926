import type { Route } from '../project.ts';
import { isRecord } from '../record.ts';
import { toRequestSchema, toRequestValidation } from '../request-models.ts';
import type { Section } from '../section.ts';

type Checks = Pick<Route, 'needsApiKey' | 'validation'>;

/**
 * What an `Api` event and its API ask of a request, besides an authorizer.
 *
 * @param event its properties; absent for a route of an OpenAPI definition.
 * @param sections of `Globals` and of the API; what a later one says wins.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-requestmodel.html
 */
export function readRequestChecks(
  event: Section | undefined,
  sections: readonly Section[],
): Checks {
  const auth = event?.section('Auth');
  const needsApiKey = auth?.has('ApiKeyRequired')
    ? auth.get('ApiKeyRequired') === true
    : ofApi(sections, 'ApiKeyRequired') === true;
  return {
    ...(needsApiKey && { needsApiKey }),
    ...(event && readValidation(event, sections)),
  };
}

/** SAM asks for a key before the answer to OPTIONS too, unless it is told not to. */
export function readPreflightChecks(sections: readonly Section[]): Checks {
  const needsApiKey =
    ofApi(sections, 'ApiKeyRequired') === true &&
    ofApi(sections, 'AddApiKeyRequiredToCorsPreflight') !== false;
  return needsApiKey ? { needsApiKey } : {};
}

const ofApi = (sections: readonly Section[], key: string): unknown =>
  sections
    .map((section) => section.section('Auth'))
    .findLast((auth) => auth.has(key))
    ?.get(key);

function readValidation(event: Section, sections: readonly Section[]): Pick<Route, 'validation'> {
  if (!event.has('RequestModel')) return {};
  const settings = event.section('RequestModel');
  const models = Object.assign({}, ...sections.map((section) => section.get('Models')));
  const schema = models[settings.string('Model') ?? ''];
  const checksBody = settings.get('ValidateBody') === true && schema !== undefined;
  const parameters = settings.get('ValidateParameters') === true ? requiredOf(event) : [];
  return toRequestValidation(
    parameters,
    checksBody ? [['application/json', toRequestSchema(schema, models)]] : [],
  );
}

/** Those in the list that are maps which say so; a name alone is a parameter that may be missing. */
const requiredOf = (event: Section): string[] =>
  event
    .list('RequestParameters')
    .filter(isRecord)
    .flatMap((entry) =>
      Object.entries(entry).flatMap(([name, value]) =>
        isRecord(value) && value.Required === true ? [name] : [],
      ),
    );
