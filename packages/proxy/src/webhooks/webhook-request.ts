import type { RawHttpEvent } from '../http-event.ts';

/** The request of a sender, as it must be to check a signature: the bytes that were sent. */
export interface WebhookRequest {
  /** The raw body as text. */
  readonly body: string;
  /** The raw body, for a sender that signs bytes that are not UTF-8. */
  readonly rawBody: Buffer;
  /** By names in lower case; several values of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An event of API Gateway in both payload formats, a function URL or a load balancer. */
export interface WebhookEvent extends RawHttpEvent {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
}

export function readWebhookRequest(event: WebhookEvent): WebhookRequest {
  const rawBody = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    if (values) headers[name.toLowerCase()] = values.join(',');
  }
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] ??= value;
  }
  return { body: rawBody.toString(), rawBody, headers };
}

/**
 * The payload as most senders write it: JSON, or the fields of a form.
 *
 * @throws {SyntaxError} when it is not JSON
 */
export function parsePayload({ body, headers }: WebhookRequest): unknown {
  return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
    ? Object.fromEntries(new URLSearchParams(body))
    : JSON.parse(body);
}
