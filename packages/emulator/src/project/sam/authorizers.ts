import {
  type AuthorizerScope,
  inputOf,
  issuersOf,
  type RouteAuthorizer,
  toJwtAuthorizer,
  toLambdaAuthorizer,
  toRouteAuthorizer,
} from '../authorizers.ts';
import { REST_TTL_S } from '../cloudformation-authorizers.ts';
import type { Api, Authorizer } from '../project.ts';
import type { Section } from '../section.ts';
import { AWS_IAM, authorizerNotEmulated } from '../unsupported.ts';

/** Keys of `Identity`, and what its entries stand for. */
const SOURCES = {
  Headers: 'request.header',
  QueryStrings: 'request.querystring',
  Context: 'context',
} as const;

/**
 * The authorizers that SAM gives to the routes of one API.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapiauth.html
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html
 */
export class SamAuthorizers {
  readonly #protocol: Api['protocol'];
  readonly #auths: readonly Section[];
  readonly #scope: AuthorizerScope;

  /** @param sections of `Globals` and of the API; what a later one says wins. */
  constructor(protocol: Api['protocol'], sections: readonly Section[], scope: AuthorizerScope) {
    this.#protocol = protocol;
    this.#auths = sections.map((section) => section.section('Auth'));
    this.#scope = scope;
  }

  /** @param auth of the event; without it, the API decides. */
  ofRoute(auth?: Section): RouteAuthorizer {
    const own = auth?.has('Authorizer') ? auth : undefined;
    const owner = own ?? this.#owner('DefaultAuthorizer');
    const key = own ? 'Authorizer' : 'DefaultAuthorizer';
    const name = owner?.string(key);
    if (name === undefined || name === 'NONE') return {};
    const place = owner?.place(key);
    if (name === 'AWS_IAM') {
      this.#scope.warnings.add(AWS_IAM, place);
      return {};
    }
    const settings = this.#auths
      .map((section) => section.section('Authorizers'))
      .findLast((section) => section.has(name))
      ?.section(name);
    if (!settings) {
      const reason = 'its API has none of this name';
      this.#scope.warnings.add(authorizerNotEmulated(name, reason), place);
      return {};
    }
    const authorizer =
      this.#protocol === 'http' ? this.#ofHttpApi(name, settings) : this.#ofRestApi(name, settings);
    const scopes = auth?.has('AuthorizationScopes') ? auth : settings;
    return toRouteAuthorizer(authorizer, scopes.list('AuthorizationScopes'));
  }

  /** SAM guards OPTIONS too, unless it is told not to. */
  ofPreflight(): RouteAuthorizer {
    const key = 'AddDefaultAuthorizerToCorsPreflight';
    return this.#owner(key)?.get(key) === false ? {} : this.ofRoute();
  }

  #owner(key: string): Section | undefined {
    return this.#auths.findLast((auth) => auth.has(key));
  }

  #ofHttpApi(name: string, settings: Section): Authorizer | undefined {
    const { known } = this.#scope;
    if (settings.has('JwtConfiguration')) {
      const jwt = settings.section('JwtConfiguration');
      // SAM takes either spelling.
      const keyOf = (wanted: string) =>
        jwt.keys().find((key) => key.toLowerCase() === wanted) ?? wanted;
      const issuer = known(() => jwt.string(keyOf('issuer')));
      return toJwtAuthorizer(
        {
          name,
          identitySource: settings.string('IdentitySource') ?? '$request.header.Authorization',
          issuers: issuer === undefined ? undefined : [issuer],
          audience: known(() => jwt.list(keyOf('audience')).map(String)),
        },
        this.#scope,
        settings.place(),
      );
    }
    const identity = settings.section('Identity');
    return toLambdaAuthorizer(
      {
        name,
        arn: settings.string('FunctionArn'),
        input: inputOf(settings.string('AuthorizerPayloadFormatVersion')),
        ...(settings.get('EnableSimpleResponses') === true && { simpleResponses: true }),
        identitySources: identitySources(identity, '$'),
        ttlSeconds: identity.integer('ReauthorizeEvery') ?? 0,
      },
      this.#scope,
      settings.place(),
    );
  }

  #ofRestApi(name: string, settings: Section): Authorizer | undefined {
    const identity = settings.section('Identity');
    const header = `method.request.header.${identity.string('Header') ?? 'Authorization'}`;
    if (settings.has('UserPoolArn')) {
      return toJwtAuthorizer(
        {
          name,
          identitySource: header,
          issuers: issuersOf(this.#scope.known(() => settings.list('UserPoolArn'))),
        },
        this.#scope,
        settings.place(),
      );
    }
    const isRequest = settings.string('FunctionPayloadType') === 'REQUEST';
    return toLambdaAuthorizer(
      {
        name,
        arn: settings.string('FunctionArn'),
        input: isRequest ? 'REQUEST' : 'TOKEN',
        identitySources: isRequest ? identitySources(identity, 'method.') : [header],
        tokenPattern: identity.string('ValidationExpression'),
        ttlSeconds: identity.integer('ReauthorizeEvery') ?? REST_TTL_S,
      },
      this.#scope,
      settings.place(),
    );
  }
}

function identitySources(identity: Section, prefix: '$' | 'method.'): string[] {
  return Object.entries(SOURCES).flatMap(([key, place]) =>
    identity.list(key).map((name) => {
      const isContextOfRestApi = prefix === 'method.' && place === 'context';
      return `${isContextOfRestApi ? '' : prefix}${place}.${name}`;
    }),
  );
}
