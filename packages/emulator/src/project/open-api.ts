import type { Api, Route } from './project.ts';
import { readTransferMode, toHttpApiRoute, toRestRoute } from './routes.ts';
import type { Section } from './section.ts';
import { OPEN_API_SECURITY, withoutFunction } from './unsupported.ts';
import type { Warnings } from './warnings.ts';

/** What a local run needs of an OpenAPI definition with the extensions of API Gateway. */
export interface OpenApi {
  readonly routes: readonly Route[];
  readonly binaryMediaTypes: readonly string[];
}

export interface OpenApiContext {
  readonly protocol: Api['protocol'];
  /** `name` of the function that an ARN, or an address with one inside, leads to. */
  readonly functionAt: (uri: string) => string | undefined;
  readonly warnings: Warnings;
}

const ANY = 'x-amazon-apigateway-any-method';
const METHODS = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put', ANY];
const INTEGRATION = 'x-amazon-apigateway-integration';

/**
 * The operations with a Lambda proxy integration; the others become warnings. One without an integration is left to
 * the rest of the project file.
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
        operation: item.section(method),
      })),
    );
  const secured = [definition, ...operations.map(({ operation }) => operation)].find((section) =>
    section.has('security'),
  );
  if (secured) context.warnings.add(OPEN_API_SECURITY, secured.place('security'));
  return {
    routes: operations.flatMap((one) => readOperation(one, context)),
    binaryMediaTypes: definition.list('x-amazon-apigateway-binary-media-types').map(String),
  };
}

function readOperation(
  { path, method, operation }: { path: string; method: string; operation: Section },
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
