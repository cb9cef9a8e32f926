export type { WebhookHandler, WebhookOptions } from './build-webhook.ts';
export { receiveWebhook } from './receive-webhook.ts';
export type { WebhookResponse, WebhookSender } from './sender.ts';
export { discord, github, slack, stripe } from './senders.ts';
export { standardWebhooks } from './standard-webhooks.ts';
export type { WebhookEvent, WebhookRequest } from './webhook-request.ts';
