import type { Place } from './errors.ts';
import type { Authorizer, JwtAuthorizer, LambdaAuthorizer, Route } from './project.ts';
import { authorizerNotEmulated, tokensNotChecked } from './unsupported.ts';
import type { Warnings } from './warnings.ts';

/** What is known around an authorizer, whatever file it is in. */
export interface AuthorizerScope {
  /** `name` of the project's function that an ARN, or an address with one inside, leads to. */
  readonly functionAt: (arn: string) => string | undefined;
  /** The value, unless something in it is known only to AWS. */
  readonly known: <T>(read: () => T) => T | undefined;
  readonly warnings: Warnings;
}

/** What a route has of an authorizer. */
export type RouteAuthorizer = Pick<Route, 'authorizer' | 'authorizationScopes'>;

/** Scopes belong to tokens. */
export function toRouteAuthorizer(
  authorizer: Authorizer | undefined,
  scopes: readonly unknown[],
): RouteAuthorizer {
  if (!authorizer) return {};
  if (authorizer.kind !== 'jwt' || scopes.length === 0) return { authorizer };
  return { authorizer, authorizationScopes: scopes.map(String) };
}

export interface LambdaAuthorizerInput
  extends Omit<LambdaAuthorizer, 'kind' | 'functionName' | 'ttlMs' | 'tokenPattern'> {
  /** ARN of the function, or an address with it inside; not needed when its name in the project is known. */
  readonly arn: string | undefined;
  readonly functionName?: string;
  readonly ttlSeconds: number;
  readonly tokenPattern?: string | undefined;
}

/** What the function of an HTTP API's authorizer gets; YAML makes a number of `2.0`. */
export const inputOf = (payloadFormat: string | undefined): '1.0' | '2.0' =>
  Number(payloadFormat) === 1 ? '1.0' : '2.0';

/** A function that is not one of the project cannot be asked. */
export function toLambdaAuthorizer(
  { arn = '', functionName: known, ttlSeconds, tokenPattern, ...input }: LambdaAuthorizerInput,
  { functionAt, warnings }: AuthorizerScope,
  place: Place,
): LambdaAuthorizer | undefined {
  const functionName = known ?? functionAt(arn);
  if (functionName === undefined) {
    const reason = `its function ${arn || '(of no name)'} is not one of this project`;
    warnings.add(authorizerNotEmulated(input.name, reason), place);
    return undefined;
  }
  return {
    kind: 'lambda',
    functionName,
    ...input,
    ttlMs: ttlSeconds * 1000,
    ...(tokenPattern !== undefined && { tokenPattern }),
  };
}

export interface JwtAuthorizerInput extends Pick<JwtAuthorizer, 'name' | 'identitySource'> {
  /** `undefined` when only AWS knows. */
  readonly issuers: readonly string[] | undefined;
  readonly audience?: readonly string[] | undefined;
}

export function toJwtAuthorizer(
  { issuers, audience, ...input }: JwtAuthorizerInput,
  { warnings }: AuthorizerScope,
  place: Place,
): JwtAuthorizer {
  if (!issuers) warnings.add(tokensNotChecked(input.name), place);
  return {
    kind: 'jwt',
    ...input,
    ...(issuers && { issuers }),
    ...(audience && { audience }),
  };
}

const USER_POOL = /^arn:aws[\w-]*:cognito-idp:([\w-]+):\d*:userpool\/([\w-]+)$/;

/** Who issues the tokens of Cognito user pools with these ARNs; `undefined` when one of them is not an ARN. */
export function issuersOf(userPoolArns: readonly unknown[] = []): string[] | undefined {
  const issuers = userPoolArns.flatMap((arn) => {
    const [, region, id] = USER_POOL.exec(String(arn)) ?? [];
    return id === undefined ? [] : [`https://cognito-idp.${region}.amazonaws.com/${id}`];
  });
  return issuers.length > 0 && issuers.length === userPoolArns.length ? issuers : undefined;
}
