import {
  type AuthorizerScope,
  inputOf,
  issuersOf,
  type RouteAuthorizer,
  toJwtAuthorizer,
  toLambdaAuthorizer,
  toRouteAuthorizer,
} from '../authorizers.ts';
import type { AwsResources } from '../aws-resources.ts';
import {
  REST_TTL_S,
  readHttpApiAuthorizer,
  readRestAuthorizer,
  splitSources,
} from '../cloudformation-authorizers.ts';
import type { DeclaredResources } from '../declared-resources.ts';
import { isIntrinsic } from '../intrinsics.ts';
import type { Authorizer } from '../project.ts';
import type { Section } from '../section.ts';
import { AWS_IAM, authorizerNotEmulated } from '../unsupported.ts';

export interface ServerlessAuthorizersOptions extends AuthorizerScope {
  readonly provider: Section;
  readonly functionNames: readonly string[];
  readonly evaluate: (value: unknown) => unknown;
  readonly declared: DeclaredResources;
  readonly resources: AwsResources;
}

/** The authorizers that events name. */
export class ServerlessAuthorizers {
  readonly #options: ServerlessAuthorizersOptions;

  constructor(options: ServerlessAuthorizersOptions) {
    this.#options = options;
  }

  /**
   * Of an `httpApi` event: the name of one in `provider.httpApi.authorizers`, or a map with it or the id of a resource.
   *
   * @see https://www.serverless.com/framework/docs/providers/aws/events/http-api
   */
  ofHttpApi(event: Section): RouteAuthorizer {
    const { warnings, provider, declared } = this.#options;
    const place = event.place('authorizer');
    const isMap = typeof event.get('authorizer') === 'object';
    const settings = isMap ? event.section('authorizer') : undefined;
    const name = settings ? settings.string('name') : event.string('authorizer');
    if (isIam(settings?.string('type'))) {
      warnings.add(AWS_IAM, place);
      return {};
    }
    const configured = provider.section('httpApi').section('authorizers');
    const scopes = settings?.list('scopes') ?? [];
    if (name === undefined || !configured.has(name)) {
      const id = name ?? this.#text(settings, 'id') ?? '(of no name)';
      const properties = declared.propertiesOf(id, 'AWS::ApiGatewayV2::Authorizer');
      if (properties) {
        return toRouteAuthorizer(readHttpApiAuthorizer(id, properties, this.#options), scopes);
      }
      const reason = name
        ? 'provider.httpApi.authorizers has none of this name'
        : 'it belongs to an API of another stack';
      warnings.add(authorizerNotEmulated(id, reason), place);
      return {};
    }
    const authorizer = this.#configured(name, configured.section(name));
    return toRouteAuthorizer(authorizer, scopes);
  }

  /**
   * Of an `http` event: the name of a function, an ARN, or a map.
   *
   * @see https://www.serverless.com/framework/docs/providers/aws/events/apigateway#http-endpoints-with-custom-authorizers
   */
  ofHttp(event: Section): RouteAuthorizer {
    const { warnings, declared, functionNames } = this.#options;
    const whole = event.get('authorizer');
    const isMap = typeof whole === 'object' && !isIntrinsic(whole);
    const settings = isMap ? event.section('authorizer') : undefined;
    const text = isMap ? undefined : this.#text(event, 'authorizer');
    const place = event.place('authorizer');
    const type = settings?.string('type')?.toUpperCase();
    if (isIam(type ?? text)) {
      warnings.add(AWS_IAM, place);
      return {};
    }
    const scopes = settings?.list('scopes') ?? [];
    const id = this.#text(settings, 'authorizerId');
    if (id !== undefined) {
      const properties = declared.propertiesOf(id, 'AWS::ApiGateway::Authorizer');
      if (properties) {
        return toRouteAuthorizer(readRestAuthorizer(id, properties, this.#options), scopes);
      }
      warnings.add(authorizerNotEmulated(id, 'it belongs to another stack'), place);
      return {};
    }
    const arn = this.#text(settings, 'arn') ?? (text?.includes(':') ? text : undefined);
    const functionName = settings ? settings.string('name') : text;
    if (arn === undefined && !functionNames.includes(functionName ?? '')) {
      const reason = 'the service has no function of this name';
      warnings.add(authorizerNotEmulated(functionName ?? '(of no name)', reason), place);
      return {};
    }
    const name = settings?.string('name') ?? nameIn(arn ?? functionName ?? '');
    const ttlSeconds = settings?.integer('resultTtlInSeconds') ?? REST_TTL_S;
    const leavesItToFunction = type === 'REQUEST' && ttlSeconds === 0;
    const identitySources = splitSources(
      settings?.string('identitySource') ??
        (leavesItToFunction ? '' : 'method.request.header.Authorization'),
    );
    if (type === 'COGNITO_USER_POOLS' || arn?.includes(':cognito-idp:')) {
      const pool = this.#options.known(() => this.#text(settings, 'arn') ?? text);
      const authorizer = toJwtAuthorizer(
        {
          name,
          identitySource: identitySources[0] ?? 'method.request.header.Authorization',
          issuers: issuersOf([pool]),
        },
        this.#options,
        place,
      );
      return toRouteAuthorizer(authorizer, scopes);
    }
    const authorizer = toLambdaAuthorizer(
      {
        name,
        arn,
        ...(arn === undefined && functionName !== undefined && { functionName }),
        input: type === 'REQUEST' ? 'REQUEST' : 'TOKEN',
        identitySources,
        tokenPattern: settings?.string('identityValidationExpression'),
        ttlSeconds,
      },
      this.#options,
      place,
    );
    return toRouteAuthorizer(authorizer, []);
  }

  /** An entry of `provider.httpApi.authorizers`. */
  #configured(name: string, settings: Section): Authorizer | undefined {
    const { known, evaluate } = this.#options;
    const identitySources = settings.list('identitySource').map(String);
    if (settings.string('type') === 'request') {
      const functionName = settings.string('functionName');
      const isOwn =
        functionName !== undefined && this.#options.functionNames.includes(functionName);
      return toLambdaAuthorizer(
        {
          name,
          arn: this.#text(settings, 'functionArn') ?? functionName,
          ...(isOwn && { functionName }),
          input: inputOf(settings.string('payloadVersion')),
          ...(settings.get('enableSimpleResponses') === true && { simpleResponses: true }),
          identitySources,
          ttlSeconds: settings.integer('resultTtlInSeconds') ?? 0,
        },
        this.#options,
        settings.place(),
      );
    }
    const issuer = known(() => this.#text(settings, 'issuerUrl'));
    return toJwtAuthorizer(
      {
        name,
        identitySource: identitySources[0] ?? '$request.header.Authorization',
        issuers: issuer === undefined ? undefined : [issuer],
        audience: known(() => settings.list('audience').map(evaluate).map(String)),
      },
      this.#options,
      settings.place(),
    );
  }

  /** Text, or a function of CloudFormation that stands for one. */
  #text(section: Section | undefined, key: string): string | undefined {
    const { evaluate, resources } = this.#options;
    const value = resources.silently(() => evaluate(section?.get(key)));
    return typeof value === 'string' ? value : undefined;
  }
}

const isIam = (type: string | undefined): boolean => type?.toUpperCase() === 'AWS_IAM';

/** The last part of an ARN. */
const nameIn = (arn: string): string => arn.split(/[:/]/).at(-1) ?? arn;
