import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { JwtAuthorizer } from '../../project/project.ts';
import type { Identity } from './identity.ts';
import { scopesOf } from './scopes.ts';
import { KeyRing } from './token-keys.ts';
import type { Verdict } from './verdict.ts';

export interface TokenQuestion {
  readonly authorizer: JwtAuthorizer;
  readonly identity: Identity | undefined;
  /** One of them is needed; absent when none is. */
  readonly scopes: readonly string[] | undefined;
}

const EXPIRED = 'the token has expired';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

/** What says that a token is bad, not that its keys are. */
const BAD_TOKEN = [
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWS_INVALID',
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
];

/**
 * Checks JSON Web Tokens as the JWT authorizer of an HTTP API does. Where the keys of the issuer cannot be had
 * the signature is not checked.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class TokenChecker {
  readonly #keyRing = new KeyRing();

  /** Never rejects. */
  async check({ authorizer, identity, scopes }: TokenQuestion): Promise<Verdict<JWTPayload>> {
    const { name, identitySource } = authorizer;
    if (identity?.value === undefined) {
      const problem = `the request lacks ${identitySource}, where the authorizer ${name} looks for a token`;
      return { kind: 'unauthorized', problem, challenge: 'Bearer' };
    }
    const refuse = (description: string) => invalid(description, authorizer, scopes);
    const token = identity.value.replace(/^Bearer\s+/i, '');
    const claims = decode(token);
    if (!claims) return refuse('the token is not a JSON Web Token');
    const signature = await this.#checkSignature(token, claims, authorizer);
    const description = signature.refused ?? findProblem(claims, authorizer);
    if (description !== undefined) return refuse(description);
    if (scopes && !scopesOf(claims).some((scope) => scopes.includes(scope))) {
      return {
        kind: 'denied',
        isExplicit: false,
        problem: `the token has none of the scopes that the route needs for the authorizer ${name}: ${scopes.join(', ')}`,
        challenge: `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`,
      };
    }
    const { problem } = signature;
    return { kind: 'allowed', pass: claims, ...(problem !== undefined && { problem }) };
  }

  async #checkSignature(
    token: string,
    { iss: issuer }: JWTPayload,
    { issuers }: JwtAuthorizer,
  ): Promise<{ readonly refused?: string; readonly problem?: string }> {
    // Known only to AWS: the warning at the start says so.
    if (!issuers) return {};
    if (issuer === undefined || !issuers.includes(issuer)) {
      return {
        refused: `the token is issued by ${issuer ?? 'nobody'}, not by ${issuers.join(' or ')}`,
      };
    }
    let found = await this.#keyRing.of(issuer);
    if ('keys' in found) {
      try {
        await compactVerify(token, found.keys, { algorithms: ALGORITHMS });
        return {};
      } catch (error) {
        const { code, message } = error as Error & { code?: string };
        if (BAD_TOKEN.includes(code ?? '')) return { refused: message };
        found = this.#keyRing.giveUp(issuer, error as Error);
      }
    }
    if ('keys' in found || !found.isNews) return {};
    return {
      problem: `the signature of the token is not checked, because the keys of ${issuer} cannot be had: ${found.unreachable}`,
    };
  }
}

/** The claims, unchecked. */
function decode(token: string): JWTPayload | undefined {
  try {
    decodeProtectedHeader(token);
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function findProblem(claims: JWTPayload, { audience }: JwtAuthorizer): string | undefined {
  const now = Date.now() / 1000;
  const { aud = claims.client_id, exp, nbf, iat } = claims;
  if (audience && !audience.some((one) => [aud].flat().includes(one))) {
    return 'the token does not have a valid audience';
  }
  if (exp === undefined || exp <= now) return EXPIRED;
  if ((nbf ?? 0) > now) return 'the token is not valid yet';
  if ((iat ?? 0) > now) return 'the token is issued in the future';
  return undefined;
}

function invalid(
  description: string,
  { name }: JwtAuthorizer,
  scopes: readonly string[] = [],
): Verdict<never> {
  const text = description.replaceAll('"', "'");
  return {
    kind: 'unauthorized',
    problem: `the authorizer ${name} refuses the token: ${description}`,
    isExpired: description === EXPIRED,
    challenge: `Bearer scope="${scopes.join(' ')}" error="invalid_token" error_description="${text}"`,
  };
}
