import {
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from 'jose';
import { fetch } from 'undici';
import { ResultCache } from './result-cache.ts';

/** AWS waits for 1.5 s, but has the issuer next door. */
const TIMEOUT_MS = 5000;
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
const KEPT_MS = 2 * 60 * 60 * 1000;
/** How long nobody asks again for what could not be had. */
const UNREACHABLE_MS = 60_000;

/** The keys of an issuer, or why they cannot be had. */
export type TokenKeys =
  | { readonly keys: JWTVerifyGetKey }
  | { readonly unreachable: string; readonly isNews: boolean };

/** The public keys of those who issue tokens, fetched when one of their tokens comes. */
export class KeyRing {
  readonly #keys = new Map<string, Promise<JWTVerifyGetKey>>();
  readonly #unreachable = new ResultCache<string>();

  async of(issuer: string): Promise<TokenKeys> {
    const known = this.#unreachable.get(issuer);
    if (known !== undefined) return { unreachable: known, isNews: false };
    const keys = this.#keys.get(issuer) ?? discover(issuer);
    this.#keys.set(issuer, keys);
    try {
      return { keys: await keys };
    } catch (error) {
      return this.giveUp(issuer, error as Error);
    }
  }

  /** Notes that the keys of an issuer cannot be had. */
  giveUp(issuer: string, error: Error): TokenKeys {
    this.#keys.delete(issuer);
    const { cause } = error;
    const reason = cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
    this.#unreachable.set(issuer, reason, UNREACHABLE_MS);
    return { unreachable: reason, isNews: true };
  }
}

/** @throws when the issuer does not say where its keys are. */
async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answers with status ${response.status}`);
  const { jwks_uri: keysUrl } = (await response.json()) as { jwks_uri?: unknown };
  if (typeof keysUrl !== 'string') throw new Error(`${url} has no jwks_uri`);
  return createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: KEPT_MS,
    [customFetch]: fetch as unknown as FetchImplementation,
  });
}
