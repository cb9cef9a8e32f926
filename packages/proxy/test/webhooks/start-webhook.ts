import { createClient } from '@async-http/client';
import { lambdaContext, startListener } from '@async-http/test-support';
import { buildWebhook, type WebhookOptions } from '../../src/webhooks/build-webhook.ts';

interface Delivery {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isBase64Encoded?: boolean;
}

/** A function that takes webhooks in, with the extension's place taken. */
export function startWebhook<TPayload>(options: WebhookOptions<TPayload>) {
  const listener = startListener();
  const warnings: string[] = [];
  const client = createClient({
    ...listener.env,
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    _HANDLER: 'index.handler',
  });
  const handler = buildWebhook(client, options, (message) => warnings.push(message));
  return {
    warnings,
    listener,
    /** What the sender is answered. */
    deliver: ({ body, headers = {}, isBase64Encoded = false }: Delivery) =>
      handler(
        {
          body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
          headers: { 'Content-Type': 'application/json', ...headers },
          isBase64Encoded,
        },
        lambdaContext(),
      ),
    /** The bodies of the jobs' events. */
    payloads: () => listener.jobs().map(({ event }) => (event as { body: unknown }).body),
  };
}
