import type { Route } from '../project.ts';
import { isRecord } from '../record.ts';
import { toRequestSchema, toRequestValidation } from '../request-models.ts';
import type { Section } from '../section.ts';

const VALIDATORS = 'x-amazon-apigateway-request-validators';
const VALIDATOR = 'x-amazon-apigateway-request-validator';

const PLACES: Readonly<Record<string, string>> = {
  query: 'querystring',
  header: 'header',
  path: 'path',
};

/**
 * What the validator of an operation checks.
 *
 * @param item the path that the operation belongs to.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validator.html
 */
export function readOpenApiValidation(
  definition: Section,
  item: Section,
  operation: Section,
): Pick<Route, 'validation'> {
  const name = operation.string(VALIDATOR) ?? definition.string(VALIDATOR);
  if (name === undefined) return {};
  const validator = definition.section(VALIDATORS).section(name);
  // What an operation says of a parameter wins.
  const declared = new Map(
    [...item.items('parameters'), ...operation.items('parameters')].map((parameter) => [
      `${parameter.string('in')} ${parameter.string('name')}`,
      parameter,
    ]),
  );
  const parameters = [...declared.values()].flatMap((parameter) => {
    const place = PLACES[parameter.string('in') ?? ''];
    const isRequired = place !== undefined && parameter.get('required') === true;
    return isRequired ? [`method.request.${place}.${parameter.string('name')}`] : [];
  });
  return toRequestValidation(
    validator.get('validateRequestParameters') === true ? parameters : [],
    validator.get('validateRequestBody') === true
      ? bodySchemas(definition, operation, [...declared.values()])
      : [],
  );
}

/** Of `requestBody` in OpenAPI 3, of the parameter in the body in version 2. */
function bodySchemas(
  definition: Section,
  operation: Section,
  parameters: readonly Section[],
): [mediaType: string, schema: unknown][] {
  const models =
    definition.get('definitions') ?? definition.section('components').get('schemas') ?? {};
  const content = operation
    .section('requestBody')
    .section('content')
    .sections()
    .map(([mediaType, media]) => [mediaType, media.get('schema')] as const);
  const consumes = [operation, definition].find((section) => section.has('consumes'));
  const mediaTypes = consumes?.list('consumes').map(String) ?? ['application/json'];
  const inBody = parameters
    .filter((parameter) => parameter.string('in') === 'body')
    .flatMap((parameter) =>
      mediaTypes.map((mediaType) => [mediaType, parameter.get('schema')] as const),
    );
  return [...content, ...inBody]
    .filter(([, schema]) => schema !== undefined)
    .map(([mediaType, schema]) => [
      mediaType,
      toRequestSchema(schema, isRecord(models) ? models : {}),
    ]);
}
