import { type AuthorizerScope, type RouteAuthorizer, toRouteAuthorizer } from '../authorizers.ts';
import { readHttpApiAuthorizer, readRestAuthorizer } from '../cloudformation-authorizers.ts';
import type { Api, Route } from '../project.ts';
import { isRecord } from '../record.ts';
import type { Section } from '../section.ts';
import { AWS_IAM } from '../unsupported.ts';

const AUTHORIZER = 'x-amazon-apigateway-authorizer';
const AUTH_TYPE = 'x-amazon-apigateway-authtype';
const AUTH = 'x-amazon-apigateway-auth';

/**
 * What the security of a definition asks of requests. API Gateway takes all that an operation names together, and
 * ignores schemes without its extensions, except the one of API keys.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
 */
export class OpenApiSecurity {
  readonly #definition: Section;
  readonly #protocol: Api['protocol'];
  readonly #scope: AuthorizerScope;
  readonly #schemes: Section;

  constructor(definition: Section, protocol: Api['protocol'], scope: AuthorizerScope) {
    this.#definition = definition;
    this.#protocol = protocol;
    this.#scope = scope;
    this.#schemes = definition.has('securityDefinitions')
      ? definition.section('securityDefinitions')
      : definition.section('components').section('securitySchemes');
  }

  of(operation: Section): RouteAuthorizer & Pick<Route, 'needsApiKey'> {
    const type = operation.section(AUTH).string('type')?.toUpperCase();
    if (type === 'NONE') return {};
    if (type === 'AWS_IAM') this.#scope.warnings.add(AWS_IAM, operation.place(AUTH));
    const owner = operation.has('security') ? operation : this.#definition;
    const asked = owner
      .list('security')
      .filter(isRecord)
      .flatMap(Object.entries<unknown>);
    const needsApiKey =
      this.#protocol === 'rest' && asked.some(([name]) => isApiKey(this.#schemes.section(name)));
    const [authorizer] = asked.flatMap(([name, scopes]) => this.#authorizer(name, scopes));
    return { ...authorizer, ...(needsApiKey && { needsApiKey }) };
  }

  #authorizer(name: string, scopes: unknown): RouteAuthorizer[] {
    const scheme = this.#schemes.section(name);
    if (scheme.string(AUTH_TYPE)?.toLowerCase() === 'awssigv4') {
      this.#scope.warnings.add(AWS_IAM, scheme.place());
      return [];
    }
    if (!scheme.has(AUTHORIZER)) return [];
    const settings = scheme.section(AUTHORIZER);
    const authorizer =
      this.#protocol === 'rest'
        ? readRestAuthorizer(name, settings, this.#scope, {
            spelling: 'OpenAPI',
            header: scheme.string('name'),
          })
        : readHttpApiAuthorizer(name, settings, this.#scope, 'OpenAPI');
    return [toRouteAuthorizer(authorizer, Array.isArray(scopes) ? scopes : [])];
  }
}

/** A scheme with an authorizer is also of the type `apiKey`, because OpenAPI has no better one. */
const isApiKey = (scheme: Section): boolean =>
  scheme.string('type') === 'apiKey' &&
  scheme.string('name')?.toLowerCase() === 'x-api-key' &&
  !scheme.has(AUTHORIZER) &&
  !scheme.has(AUTH_TYPE);
