import { type Destination, deliver } from './deliver.ts';
import type { TelemetryEvent, TelemetryType } from './telemetry.ts';

export interface Buffering {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export interface SubscriptionSettings {
  readonly types: readonly TelemetryType[];
  readonly buffering: Buffering;
  readonly destination: Destination;
}

/** Batches that wait for a listener that does not answer; beyond that the oldest are dropped. */
const MAX_WAITING_BATCHES = 100;
const ATTEMPTS = 5;
const FIRST_RETRY_MS = 50;

interface Batch {
  readonly events: readonly string[];
  readonly bytes: number;
}

/** One subscriber's buffer: a batch leaves when it is full, or `timeoutMs` after its first event. */
export class Subscription {
  readonly #settings: SubscriptionSettings;
  readonly #addresses: readonly string[];
  readonly #onDropped: (dropped: object) => void;
  readonly #abort = new AbortController();
  readonly #waiting: Batch[] = [];
  #events: string[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;
  #isSending = false;

  constructor(
    settings: SubscriptionSettings,
    addresses: readonly string[],
    onDropped: (dropped: object) => void,
  ) {
    this.#settings = settings;
    this.#addresses = addresses;
    this.#onDropped = onDropped;
  }

  add(type: TelemetryType, event: TelemetryEvent): void {
    const { types, buffering } = this.#settings;
    if (!types.includes(type) || this.#abort.signal.aborted) return;
    const json = JSON.stringify(event);
    this.#events.push(json);
    this.#bytes += Buffer.byteLength(json);
    if (this.#events.length >= buffering.maxItems || this.#bytes >= buffering.maxBytes) {
      this.#cut();
    } else {
      this.#arm();
    }
  }

  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  resume(): void {
    this.#isPaused = false;
    this.#arm();
    void this.#send();
  }

  flush(): void {
    this.#cut();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #arm(): void {
    if (this.#isPaused || this.#events.length === 0) return;
    this.#timer ??= setTimeout(() => this.#cut(), this.#settings.buffering.timeoutMs);
  }

  /** Ends the current batch and sends it when those before it have been sent. */
  #cut(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    this.#waiting.push({ events: this.#events, bytes: this.#bytes });
    this.#events = [];
    this.#bytes = 0;
    if (this.#waiting.length > MAX_WAITING_BATCHES) {
      const oldest = this.#waiting.shift();
      if (oldest) this.#drop(oldest, 'The subscriber did not accept events fast enough');
    }
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length > 0 && !this.#isPaused && !this.#abort.signal.aborted) {
      const batch = this.#waiting.shift();
      if (batch && !(await this.#deliver(batch))) {
        this.#drop(batch, 'The subscriber could not be reached or answered with an error');
      }
    }
    this.#isSending = false;
  }

  async #deliver(batch: Batch): Promise<boolean> {
    const { signal } = this.#abort;
    const { destination } = this.#settings;
    for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt++) {
      if (attempt > 0) await delay(FIRST_RETRY_MS * 2 ** attempt, signal);
      if (await deliver(destination, this.#addresses, batch.events, signal)) return true;
    }
    return signal.aborted;
  }

  #drop({ events, bytes }: Batch, reason: string): void {
    this.#onDropped({ droppedBytes: bytes, droppedRecords: events.length, reason });
  }
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
