import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookOptions } from './build-webhook.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** A signature that is older protects against nothing: somebody may have kept it. */
const TOLERANCE_SECONDS = 5 * 60;

/**
 * For senders that follow Standard Webhooks (Svix, OpenAI, Clerk, Resend …): checks the signature, and takes the id of
 * the message.
 *
 * @param secrets `whsec_` and base64; several while one replaces another
 * @throws {TypeError} for a secret of another form, while the function starts
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function standardWebhooks(
  ...secrets: readonly string[]
): WebhookOptions<Readonly<Record<string, unknown>>> {
  const keys = secrets.map(keyOf);
  if (keys.length === 0) throw new TypeError('standardWebhooks() needs a secret.');
  return {
    name: 'standard-webhooks',
    id: (_payload, { headers }) => headers['webhook-id'],
    verify: (request) => verifySignature(request, keys),
  };
}

function keyOf(secret: string | undefined): Buffer {
  const [, base64] = /^(?:whsec_)?([A-Za-z0-9+/]+=*)$/.exec(secret ?? '') ?? [];
  if (base64 === undefined) {
    throw new TypeError(
      'A secret of Standard Webhooks is "whsec_" and base64. Is its environment variable set?',
    );
  }
  return Buffer.from(base64, 'base64');
}

/** @throws {Error} with the reason, for the log */
function verifySignature({ rawBody, headers }: WebhookRequest, keys: readonly Buffer[]): void {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (!id || !timestamp || !signatures) {
    throw new Error('webhook-id, webhook-timestamp or webhook-signature is missing');
  }
  const ageSeconds = Math.abs(Date.now() / 1_000 - Number(timestamp));
  if (!(ageSeconds <= TOLERANCE_SECONDS)) {
    throw new Error(`webhook-timestamp is ${timestamp}, more than ${TOLERANCE_SECONDS} s from now`);
  }
  const expected = keys.map((key) =>
    createHmac('sha256', key).update(`${id}.${timestamp}.`).update(rawBody).digest(),
  );
  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'));
  const isSigned = given.some((one) =>
    expected.some((other) => one.length === other.length && timingSafeEqual(one, other)),
  );
  if (!isSigned) throw new Error('webhook-signature does not fit the body');
}
