import { parseJson } from '../parse-json.ts';
import type { Route } from './project.ts';
import { isRecord, type Values } from './record.ts';

/** How a schema names a model of its API, whatever the tool: by URL, or as a part of the definition. */
const REFERENCE =
  /(?:^https:\/\/apigateway\.amazonaws\.com\/restapis\/.*\/models\/|^#\/(?:definitions|components\/schemas)\/)([^/]+)$/;

/** What a route has of a request validator. Nothing to check is no validator. */
export function toRequestValidation(
  parameters: readonly string[],
  schemas: readonly (readonly [mediaType: string, schema: unknown])[],
): Pick<Route, 'validation'> {
  if (parameters.length === 0 && schemas.length === 0) return {};
  return {
    validation: {
      ...(parameters.length > 0 && { parameters }),
      ...(schemas.length > 0 && { body: Object.fromEntries(schemas) }),
    },
  };
}

/** A schema that stands for itself: the models that it refers to are among its definitions. */
export function toRequestSchema(schema: unknown, models: Values = {}): unknown {
  const own = refer(fromText(schema));
  if (!isRecord(own)) return own;
  const definitions = Object.entries(models).map(([name, model]) => [name, refer(fromText(model))]);
  return {
    ...own,
    definitions: {
      ...Object.fromEntries(definitions),
      ...(isRecord(own.definitions) ? own.definitions : {}),
    },
  };
}

/** A schema can be JSON in a text. API Gateway reads all as draft 4, whichever they name. */
function fromText(schema: unknown): unknown {
  const value = typeof schema === 'string' ? parseJson(schema) : schema;
  if (!isRecord(value)) return value;
  const { $schema, $id, id, ...rest } = value;
  return rest;
}

function refer(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(refer);
  if (!isRecord(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      const name = key === '$ref' ? REFERENCE.exec(String(value))?.[1] : undefined;
      return [key, name === undefined ? refer(value) : `#/definitions/${name}`];
    }),
  );
}
