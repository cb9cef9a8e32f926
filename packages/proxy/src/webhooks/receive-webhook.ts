import { createClient } from '@async-http/client';
import { buildWebhook, type WebhookHandler, type WebhookOptions } from './build-webhook.ts';

const start = () => createClient(process.env);
const client = /* @__PURE__ */ start();

/**
 * Makes a Lambda handler that takes in webhooks: it checks the signature, hands the delivery off to `ASYNC_HANDLER`, and
 * replies at once. A delivery that the sender repeats is answered without a further job, unless the first one failed.
 *
 * The job's event is the HTTP event, with the payload as `body`. A wrong signature is answered 401, a body that cannot be
 * read 400. Where a hand-off fails, the handler throws the error of `sendArgs`: the sender gets a 5xx, and repeats it.
 *
 * ```ts
 * export const handler = receiveWebhook({
 *   ...stripe,
 *   verify: ({ body, headers }) =>
 *     Stripe.webhooks.constructEvent(body, headers['stripe-signature'], process.env.STRIPE_SECRET),
 * });
 * ```
 */
export function receiveWebhook<TPayload>(
  options: WebhookOptions<TPayload>,
): WebhookHandler<TPayload> {
  // biome-ignore lint/suspicious/noConsole: the runtime gives the line the level and the format of the function's log.
  return buildWebhook(client, options, (message) => console.warn(message));
}
