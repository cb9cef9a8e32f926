import type { Payload, Payloads } from './recording.ts';

export type PayloadKind = keyof Payloads;

/** More of one payload is not kept. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

interface Kept {
  readonly content: Buffer;
  readonly bytes: number;
}

type KeptPair = { [kind in PayloadKind]?: Kept };

/** What functions received and answered, by request; the oldest go first. Becomes text only when somebody asks. */
export class PayloadHistory {
  readonly #maxBytes: number;
  readonly #requests = new Map<string, KeptPair>();
  #bytes = 0;

  /** @param maxBytes of all payloads together */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(requestId: string, kind: PayloadKind, payload: Buffer): void {
    if (this.#maxBytes === 0) return;
    const isCut = payload.length > MAX_PAYLOAD_BYTES;
    // A copy: a part of a buffer would keep all of it.
    const content = isCut ? Buffer.from(payload.subarray(0, MAX_PAYLOAD_BYTES)) : payload;
    const pair = this.#requests.get(requestId) ?? {};
    this.#bytes += content.length - (pair[kind]?.content.length ?? 0);
    pair[kind] = { content, bytes: payload.length };
    this.#requests.set(requestId, pair);
    for (const [oldest, { event, response }] of this.#requests) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#bytes -= (event?.content.length ?? 0) + (response?.content.length ?? 0);
      this.#requests.delete(oldest);
    }
  }

  get(requestId: string): Payloads | undefined {
    const pair = this.#requests.get(requestId);
    return pair && toPayloads(pair);
  }

  all(): Record<string, Payloads> {
    return Object.fromEntries(
      [...this.#requests].map(([requestId, pair]) => [requestId, toPayloads(pair)]),
    );
  }
}

const toPayloads = ({ event, response }: KeptPair): Payloads => ({
  ...(event && { event: toPayload(event) }),
  ...(response && { response: toPayload(response) }),
});

function toPayload({ content, bytes }: Kept): Payload {
  const isCut = content.length < bytes;
  // With `stream`, a character that was cut in two at the end is left out.
  return { text: new TextDecoder().decode(content, { stream: isCut }), bytes, isCut };
}
