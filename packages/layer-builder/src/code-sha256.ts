import { createHash } from 'node:crypto';

/** SHA-256 of a zip in base64, as Lambda shows it for a layer version. */
export function codeSha256(zip: Uint8Array): string {
  return createHash('sha256').update(zip).digest('base64');
}
