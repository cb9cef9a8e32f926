import type { Payloads, RecordedFunction } from '../../src/recording/recording.ts';
import { addEntry } from '../state/add-entry.ts';
import type { PageEntry } from '../state/page-event.ts';
import { createView, type View } from '../state/view.ts';
import type { Actions } from './actions.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'recording';

/** What a run is, as a live server and a recording say it. */
export interface RunFacts {
  readonly startedAt: number;
  readonly url?: string;
  readonly functions: readonly RecordedFunction[];
  readonly forgotten: number;
}

/** Holds the view and announces that it has changed, at most once per frame. */
export class Store {
  view: View = createView();
  connection: Connection = 'connecting';
  /** The instant that the page shows: now, or where a recording has been scrubbed to. */
  at = Date.now();
  actions: Actions | undefined;
  loadPayloads: (requestId: string) => Promise<Payloads | undefined> = async () => undefined;
  /** Of a recording. */
  seek: ((at: number) => void) | undefined;
  end = 0;
  readonly #listeners = new Set<() => void>();
  #isAnnounced = false;

  add(entries: readonly PageEntry[]): void {
    for (const entry of entries) addEntry(this.view, entry);
    this.changed();
  }

  reset(facts: RunFacts | undefined): void {
    this.view = createView();
    if (facts) this.know(facts);
  }

  know({ startedAt, url, functions, forgotten }: RunFacts): void {
    const { view } = this;
    view.startedAt = startedAt;
    if (url !== undefined) view.url = url;
    view.functions = new Map(functions.map((each) => [each.name, each]));
    view.forgotten.entries = forgotten;
    this.changed();
  }

  /** @returns how to stop listening. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    // A hidden page gets no frames, and is to be up to date when it is shown.
    const soon = document.hidden ? setTimeout : requestAnimationFrame;
    soon(() => {
      this.#isAnnounced = false;
      if (this.connection !== 'recording') this.at = Date.now();
      for (const listener of this.#listeners) listener();
    });
  }
}
