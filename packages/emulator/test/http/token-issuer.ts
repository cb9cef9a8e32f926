import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

const KEY_ID = 'the-key';

export interface TokenIssuer {
  readonly url: string;
  /** The paths that have been asked for. */
  readonly requests: readonly (string | undefined)[];
  /** A token with these claims, which is valid for an hour unless they say otherwise. */
  sign(claims?: JWTPayload, options?: { algorithm?: string }): Promise<string>;
}

/** An OpenID Connect issuer on this machine, gone after the test. */
export async function startIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const requests: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request.url);
    const body = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/keys': {
        keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' }],
      },
    }[request.url ?? ''];
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url,
    requests,
    sign(claims = {}, { algorithm = 'RS256' } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const key = algorithm.startsWith('HS') ? Buffer.alloc(64, 1) : privateKey;
      return new SignJWT({ iss: url, iat: now, exp: now + 3600, ...claims })
        .setProtectedHeader({ alg: algorithm, kid: KEY_ID })
        .sign(key);
    },
  };
}
