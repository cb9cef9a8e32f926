import { createHash, createHmac } from 'node:crypto';
import type { RecordedRequest } from '@async-http/test-support';

/**
 * Whether a request is signed with this key as AWS would check it.
 *
 * @see "Create a signed AWS API request": Signature Version 4
 */
export function isSignedWith(secretKey: string, request: RecordedRequest): boolean {
  const { method, path, headers, body } = request;
  const match =
    /Credential=[^/]+\/(?<scope>[^,]+), SignedHeaders=(?<signed>[^,]+), Signature=(?<signature>\w+)$/.exec(
      headers.authorization ?? '',
    );
  const { scope = '', signed = '', signature } = match?.groups ?? {};
  const [pathname = '', query = ''] = path.split('?');
  const canonical = [
    method,
    // Every service but S3 signs the path encoded once more.
    pathname.split('/').map(encodeURIComponent).join('/'),
    query,
    ...signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    sha256(body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretKey}`);
  return hmac(key, text).toString('hex') === signature;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
