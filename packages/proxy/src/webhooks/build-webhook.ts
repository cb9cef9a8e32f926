import { type Client, jobKey, type LambdaContext } from '@async-http/client';
import type { WithBody } from '../http-event.ts';
import type { WebhookResponse, WebhookSender } from './sender.ts';
import {
  parsePayload,
  readWebhookRequest,
  type WebhookEvent,
  type WebhookRequest,
} from './webhook-request.ts';

export interface WebhookOptions<TPayload> extends WebhookSender<TPayload> {
  /**
   * Checks the signature, best with the sender's own library. After an error or an empty value, such as `false`, `null`
   * or `''`, the request is answered 401. An object is taken as the payload; after anything else, also after
   * `undefined`, the payload is read from the body.
   */
  readonly verify: (request: WebhookRequest) => unknown;
}

/** Two parameters: the runtime client of Node.js 24 refuses a handler that declares a third. */
export interface WebhookHandler<TPayload> {
  (event: WebhookEvent, context: LambdaContext): Promise<WebhookResponse>;
  /** For types only: it is never there. */
  readonly '~job'?: WithBody<WebhookEvent, TPayload>;
}

const ACCEPTED: WebhookResponse = { statusCode: 200, body: '' };

export function buildWebhook<TPayload>(
  { handOff, beginInvocation }: Client,
  options: WebhookOptions<TPayload>,
  warn: (message: string) => void,
): WebhookHandler<TPayload> {
  const { name, verify, id, ttl = '24h', parse, answer, response = ACCEPTED } = options;

  /** @returns a response for what is refused */
  async function read(request: WebhookRequest): Promise<{ payload: TPayload } | WebhookResponse> {
    let verified: unknown;
    try {
      verified = await verify(request);
    } catch (error) {
      // The sender learns nothing about it; who runs the function must.
      warn(`[async-http] a request in the name of ${name} was refused: ${describe(error)}`);
      return refusal(401, 'The signature is not valid');
    }
    // Some libraries return nothing for a right signature, and throw for a wrong one.
    if (!verified && verified !== undefined) {
      warn(
        `[async-http] a request in the name of ${name} was refused: verify() returned ${verified === '' ? "''" : verified}`,
      );
      return refusal(401, 'The signature is not valid');
    }
    if (typeof verified === 'object') return { payload: verified as TPayload };
    try {
      return { payload: parse ? parse(request) : (parsePayload(request) as TPayload) };
    } catch (error) {
      return refusal(400, `The body cannot be read: ${describe(error)}`);
    }
  }

  async function receive(event: WebhookEvent, context: LambdaContext): Promise<WebhookResponse> {
    const request = readWebhookRequest(event);
    const found = await read(request);
    if (!('payload' in found)) return found;
    const { payload } = found;
    const reply = answer?.(payload);
    if (reply) return reply;
    const deliveryId = id(payload, request);
    // The signature vouches for the payload, and some senders change a detail when they repeat a delivery.
    const key = deliveryId ? jobKey(`${name}:${deliveryId}`, { ttl, payload: null }) : undefined;
    await handOff({ ...event, body: payload, isBase64Encoded: false }, context, { key });
    return typeof response === 'function' ? response(payload) : response;
  }

  return async (event, context) => {
    const end = beginInvocation(context);
    try {
      return await receive(event, context);
    } finally {
      end();
    }
  };
}

function refusal(statusCode: number, message: string): WebhookResponse {
  const headers = { 'content-type': 'application/json' };
  return { statusCode, headers, body: JSON.stringify({ message }) };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
