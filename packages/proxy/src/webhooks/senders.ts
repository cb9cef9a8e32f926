import type { WebhookResponse, WebhookSender } from './sender.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** An event of Stripe. @see Stripe, "Receive Stripe events in your webhook endpoint": handle duplicate events by their id */
export const stripe: WebhookSender<{ readonly id: string; readonly type: string }> = {
  name: 'stripe',
  id: ({ id }) => id,
  // In live mode, Stripe repeats a delivery for up to three days.
  ttl: '3d',
};

/**
 * A delivery of GitHub, which does not repeat it by itself; a user may, with the same id.
 *
 * @see GitHub, "Best practices for using webhooks": use the X-GitHub-Delivery header
 */
export const github: WebhookSender<Readonly<Record<string, unknown>>> = {
  name: 'github',
  id: (_payload, { headers }) => headers['x-github-delivery'],
  ttl: '3d',
  // With a form, GitHub puts the JSON into one field.
  parse: (request) => JSON.parse(fieldOf(request, 'payload') ?? request.body),
};

/**
 * Events, slash commands and interactions of Slack, which waits three seconds for a reply. Only events are repeated.
 *
 * @see Slack, "The Events API": responding to events, retries, URL verification; "Slash commands": SSL
 */
export const slack: WebhookSender<Readonly<Record<string, unknown>>> = {
  name: 'slack',
  id: ({ event_id: id }) => (typeof id === 'string' ? id : undefined),
  ttl: '1d',
  parse(request) {
    const payload = fieldOf(request, 'payload');
    if (payload !== undefined) return JSON.parse(payload);
    const command = fieldsOf(request);
    return command ? Object.fromEntries(command) : JSON.parse(request.body);
  },
  answer({ type, challenge, ssl_check: isCheck }) {
    if (type === 'url_verification') return json({ challenge });
    // Now and then, Slack checks the certificate of a command's URL.
    return isCheck === '1' ? { statusCode: 200, body: '' } : undefined;
  },
};

/** Types of interactions and of responses. @see Discord, "Receiving and Responding to Interactions" */
const DISCORD = { ping: 1, pong: 1, applicationCommand: 2, deferredMessage: 5, deferredUpdate: 6 };

/**
 * Interactions of Discord, which waits three seconds: the reply is a deferred one, and the background handler edits it
 * with the interaction's token within 15 minutes. They are not repeated, but have an id.
 */
export const discord: WebhookSender<{
  readonly id: string;
  readonly type: number;
  readonly token: string;
}> = {
  name: 'discord',
  id: ({ id }) => id,
  answer: ({ type }) => (type === DISCORD.ping ? json({ type: DISCORD.pong }) : undefined),
  response: ({ type }) =>
    json({
      type: type === DISCORD.applicationCommand ? DISCORD.deferredMessage : DISCORD.deferredUpdate,
    }),
};

function json(value: object): WebhookResponse {
  const headers = { 'content-type': 'application/json' };
  return { statusCode: 200, headers, body: JSON.stringify(value) };
}

function fieldsOf({ body, headers }: WebhookRequest): URLSearchParams | undefined {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
  return isForm ? new URLSearchParams(body) : undefined;
}

function fieldOf(request: WebhookRequest, name: string): string | undefined {
  return fieldsOf(request)?.get(name) ?? undefined;
}
