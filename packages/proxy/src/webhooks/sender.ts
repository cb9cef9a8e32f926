import type { JobKeyOptions } from '@async-http/client';
import type { WebhookRequest } from './webhook-request.ts';

/** An HTTP response, as Lambda returns it. */
export interface WebhookResponse {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What is particular about the deliveries of one sender. */
export interface WebhookSender<TPayload> {
  /** Part of every key, because senders may use the same ids. */
  readonly name: string;
  /**
   * Identifies the delivery, the same each time that the sender repeats it. `undefined`: it is never repeated, and gets
   * no key.
   */
  readonly id: (payload: TPayload, request: WebhookRequest) => string | undefined;
  /** How long an id is remembered: longer than the sender repeats a delivery. Default: `24h`. */
  readonly ttl?: JobKeyOptions['ttl'];
  /** Reads the payload of a request whose signature is right. Default: JSON, or the fields of a form. */
  readonly parse?: (request: WebhookRequest) => TPayload;
  /** The reply to what is not work, such as a check of the URL; nothing is handed off then. */
  readonly answer?: (payload: TPayload) => WebhookResponse | undefined;
  /** The reply to a delivery that has been accepted, now or before. Default: 200 with an empty body. */
  readonly response?: WebhookResponse | ((payload: TPayload) => WebhookResponse);
}
