import { readApiKeySource } from '../api-keys.ts';
import type { AuthorizerScope } from '../authorizers.ts';
import { toCors } from '../cors.ts';
import { toMockPreflight } from '../mock-preflight.ts';
import type { Api, Cors, Preflight, Route } from '../project.ts';
import { readTransferMode, toHttpApiRoute, toRestRoute } from '../routes.ts';
import type { Section } from '../section.ts';
import { withoutFunction } from '../unsupported.ts';
import type { Warnings } from '../warnings.ts';
import { readOpenApiValidation } from './request-validation.ts';
import { OpenApiSecurity } from './security.ts';

/** What a local run needs of an OpenAPI definition with the extensions of API Gateway. */
export interface OpenApi extends Pick<Api, 'apiKeySource' | 'cors'> {
  readonly routes: readonly Route[];
  readonly binaryMediaTypes: readonly string[];
}

export interface OpenApiContext {
  readonly protocol: Api['protocol'];
  /** `name` of the function that an ARN, or an address with one inside, leads to. */
  readonly functionAt: (uri: string) => string | undefined;
  readonly authorizerScope: AuthorizerScope;
  readonly warnings: Warnings;
}

interface Operation {
  readonly path: string;
  readonly method: string;
  /** The path, with all its operations. */
  readonly item: Section;
  readonly operation: Section;
}

const ANY = 'x-amazon-apigateway-any-method';
const METHODS = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put', ANY];
const INTEGRATION = 'x-amazon-apigateway-integration';
const CORS = 'x-amazon-apigateway-cors';

/**
 * The operations with a Lambda proxy integration, and the mock integrations that answer OPTIONS; the others become
 * warnings. One without an integration is left to the rest of the project file.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
 */
export function readOpenApi(definition: Section, context: OpenApiContext): OpenApi {
  const operations = definition
    .section('paths')
    .sections()
    .flatMap(([path, item]) =>
      METHODS.filter((method) => item.has(method)).map((method) => ({
        path,
        method: method === ANY ? 'ANY' : method.toUpperCase(),
        item,
        operation: item.section(method),
      })),
    );
  const { protocol, authorizerScope } = context;
  const security = new OpenApiSecurity(definition, protocol, authorizerScope);
  const checksOf = ({ item, operation }: Operation) => ({
    ...security.of(operation),
    ...(protocol === 'rest' && readOpenApiValidation(definition, item, operation)),
  });
  const isPreflight = (one: Operation) => protocol === 'rest' && isMockOfOptions(one);
  const routes = operations
    .filter((one) => !isPreflight(one))
    .flatMap((one) => readOperation(one, context).map((route) => ({ ...route, ...checksOf(one) })));
  const [first] = routes;
  const preflights = operations
    .filter((one) => first !== undefined && isPreflight(one))
    .map((one) => ({ ...toPreflightRoute(one, first?.functionName ?? ''), ...checksOf(one) }));
  return {
    routes: [...routes, ...preflights],
    binaryMediaTypes: definition.list('x-amazon-apigateway-binary-media-types').map(String),
    ...readApiKeySource(definition.string('x-amazon-apigateway-api-key-source')),
    ...(protocol === 'http' &&
      definition.has(CORS) && { cors: readCors(definition.section(CORS)) }),
  };
}

function readOperation(
  { path, method, operation }: Operation,
  { protocol, functionAt, warnings }: OpenApiContext,
): Route[] {
  if (!operation.has(INTEGRATION)) return [];
  const integration = operation.section(INTEGRATION);
  const type = integration.string('type') ?? 'without a type';
  const functionName =
    type.toUpperCase() === 'AWS_PROXY' ? functionAt(integration.string('uri') ?? '') : undefined;
  if (functionName === undefined) {
    warnings.add(withoutFunction(type, method, path), integration.place());
    return [];
  }
  const input = { functionName, method, path, timeoutMs: integration.integer('timeoutInMillis') };
  if (protocol === 'rest') {
    const mode = readTransferMode(integration.string('responseTransferMode'));
    return [toRestRoute({ ...input, ...mode }, operation.place())];
  }
  const isFormat1 = Number(integration.string('payloadFormatVersion') ?? 1) === 1;
  const route = {
    ...input,
    ...(path === '/$default' && { path: '$default' }),
    ...(isFormat1 && { payloadFormat: '1.0' as const }),
  };
  return [toHttpApiRoute(route, operation.place())];
}

const isMockOfOptions = ({ method, operation }: Operation): boolean =>
  method === 'OPTIONS' && operation.section(INTEGRATION).string('type')?.toUpperCase() === 'MOCK';

/** @param functionName of a route beside it. */
function toPreflightRoute({ path, method, operation }: Operation, functionName: string): Route {
  const preflight = readPreflight(operation.section(INTEGRATION));
  return toRestRoute({ method, path, functionName, preflight }, operation.place());
}

function readPreflight(integration: Section): Preflight {
  const responses = integration.section('responses');
  const response = responses.section(responses.keys()[0] ?? 'default');
  return toMockPreflight({
    statusCode: response.integer('statusCode'),
    parameters: response.section('responseParameters'),
    templates: response.section('responseTemplates'),
  });
}

function readCors(cors: Section): Cors {
  const list = (key: string) => (cors.has(key) ? cors.list(key).map(String) : undefined);
  return toCors({
    origins: list('allowOrigins'),
    methods: list('allowMethods'),
    headers: list('allowHeaders'),
    exposed: list('exposeHeaders'),
    credentials: cors.get('allowCredentials') === true,
    maxAge: cors.integer('maxAge'),
  });
}
