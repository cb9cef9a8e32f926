import type { Route } from '../project.ts';
import { isRecord } from '../record.ts';
import { toRequestSchema, toRequestValidation } from '../request-models.ts';
import type { Section } from '../section.ts';
import type { RouteContext } from './routes.ts';

/** What an `AWS::ApiGateway::Method` asks of a request, besides an authorizer. */
export function readRequestChecks(
  method: Section,
  context: RouteContext,
): Pick<Route, 'needsApiKey' | 'validation'> {
  return {
    ...(method.get('ApiKeyRequired') === true && { needsApiKey: true }),
    ...readValidation(method, context),
  };
}

function readValidation(method: Section, { ofType }: RouteContext): Pick<Route, 'validation'> {
  const id = method.string('RequestValidatorId');
  const validator = ofType('AWS::ApiGateway::RequestValidator').find((one) => one.id === id);
  if (!validator) return {};
  const { properties } = validator;
  const models = Object.fromEntries(
    ofType('AWS::ApiGateway::Model').flatMap((model) => {
      const schema = model.properties.get('Schema');
      const name = model.properties.string('Name');
      return [...(name === undefined ? [] : [[name, schema]]), [model.id, schema]];
    }),
  );
  const parameters =
    properties.get('ValidateRequestParameters') === true
      ? Object.entries(mapOf(method, 'RequestParameters')).flatMap(([name, isRequired]) =>
          isRequired === true ? [name] : [],
        )
      : [];
  const body =
    properties.get('ValidateRequestBody') === true
      ? Object.entries(mapOf(method, 'RequestModels')).flatMap(([mediaType, model]) =>
          // Empty and Error are models that every API has; they take any body.
          Object.hasOwn(models, String(model))
            ? [[mediaType, toRequestSchema(models[String(model)], models)] as const]
            : [],
        )
      : [];
  return toRequestValidation(parameters, body);
}

function mapOf(section: Section, key: string) {
  const value = section.get(key);
  return isRecord(value) ? value : {};
}
