import { parseJson } from '../../parse-json.ts';
import type { RequestValidation } from '../../project/project.ts';
import { isRecord } from '../../project/record.ts';
import { type HttpRequest, headerValue } from '../http-request.ts';
import { groupQuery } from '../payload-1.ts';

/** Why a request does not reach the function: in API Gateway's words, and in detail for the person who runs it. */
export interface InvalidRequest {
  readonly message: string;
  readonly problem: string;
}

let ajv: ReturnType<typeof createAjv> | undefined;

/**
 * Checks a request as API Gateway does: what has to be there first, then the body.
 *
 * @throws {Error} for a schema that is none; API Gateway refuses it at deployment.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export async function validateRequest(
  { parameters = [], body = {} }: RequestValidation,
  request: HttpRequest,
  pathParameters: Readonly<Record<string, string>>,
): Promise<InvalidRequest | undefined> {
  const missing = parameters.filter((parameter) => !partOf(parameter, request, pathParameters));
  if (missing.length > 0) {
    const names = missing.map((parameter) => parameter.split('.').slice(3).join('.'));
    const message = `Missing required request parameters: [${names.join(', ')}]`;
    return { message, problem: `missing or empty: ${missing.join(', ')}` };
  }
  const schema = schemaFor(body, headerValue(request, 'content-type'));
  if (schema === undefined) return undefined;
  const value = parseJson(request.body);
  const problem = value === undefined ? 'the body is not JSON' : await problemOf(value, schema);
  return problem === undefined ? undefined : { message: 'Invalid request body', problem };
}

/** A body of a media type without a schema passes. */
function schemaFor(
  schemas: Readonly<Record<string, unknown>>,
  contentType = 'application/json',
): unknown {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  const own = Object.keys(schemas).find((mediaType) => mediaType.toLowerCase() === type);
  return schemas[own ?? '$default'];
}

async function problemOf(value: unknown, schema: unknown): Promise<string | undefined> {
  if (!isRecord(schema)) throw new Error('the schema of the body is not a map');
  // Compiled schemas are kept by their object.
  ajv ??= createAjv();
  const checker = await ajv;
  if (checker.validate(schema, value)) return undefined;
  return checker.errorsText(checker.errors, { dataVar: 'body' });
}

/** Loaded with the first body that has a schema. */
async function createAjv() {
  const { default: Draft4 } = await import('ajv-draft-04');
  return new Draft4.default({
    strict: false,
    validateFormats: false,
    allErrors: true,
    logger: false,
  });
}

function partOf(
  parameter: string,
  request: HttpRequest,
  pathParameters: Readonly<Record<string, string>>,
): string | undefined {
  const [, , place, ...rest] = parameter.split('.');
  const name = rest.join('.');
  switch (place) {
    case 'header':
    case 'multivalueheader':
      return headerValue(request, name.toLowerCase());
    case 'path':
      return pathParameters[name];
    default:
      return groupQuery(request.target).last?.[name];
  }
}
