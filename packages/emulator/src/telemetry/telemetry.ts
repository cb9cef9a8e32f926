import { Subscription, type SubscriptionSettings } from './subscription.ts';

export type TelemetryType = 'platform' | 'function' | 'extension';

/** One event in the form of the Telemetry API's schema. */
export interface TelemetryEvent {
  readonly time: string;
  readonly type: string;
  readonly record: unknown;
}

/** What happened before the subscription is delivered after it; this many events are kept for that. */
const MAX_REPLAYED_EVENTS = 10_000;

/** The telemetry stream of an environment, from one INIT to the reset or shutdown. */
export class Telemetry {
  readonly #addresses: readonly string[];
  readonly #subscriptions: Subscription[] = [];
  #replay: { type: TelemetryType; event: TelemetryEvent }[] | undefined = [];
  #isPaused = false;

  /** @param addresses Where its subscribers listen. */
  constructor(addresses: readonly string[]) {
    this.#addresses = addresses;
  }

  /** Adds an event to the stream. */
  emit(type: string, record: unknown, at: number = Date.now()): TelemetryEvent {
    const kind = type.split('.', 1)[0] as TelemetryType;
    const event = { time: new Date(at).toISOString(), type, record };
    if (this.#replay && this.#replay.length < MAX_REPLAYED_EVENTS) {
      this.#replay.push({ type: kind, event });
    }
    for (const subscription of this.#subscriptions) subscription.add(kind, event);
    return event;
  }

  subscribe(settings: SubscriptionSettings): void {
    const subscription = new Subscription(settings, this.#addresses, (dropped) =>
      this.emit('platform.logsDropped', dropped),
    );
    for (const { type, event } of this.#replay ?? []) subscription.add(type, event);
    this.#subscriptions.push(subscription);
  }

  /** Nobody can subscribe any more, so nothing needs to be kept for newcomers. */
  endReplay(): void {
    this.#replay = undefined;
  }

  /** The environment is frozen: nothing leaves until the thaw, what is on its way stays on its way. */
  pause(): void {
    this.#isPaused = true;
    for (const subscription of this.#subscriptions) subscription.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    for (const subscription of this.#subscriptions) subscription.resume();
  }

  /** The stream ends: everything leaves at once. */
  flush(): void {
    for (const subscription of this.#subscriptions) subscription.flush();
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.close();
  }
}
