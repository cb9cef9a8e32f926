import type { Payloads } from '../../src/recording/recording.ts';
import type { PageEntry } from '../state/page-event.ts';
import { createActions } from './actions.ts';
import type { RunFacts, Store } from './store.ts';

/** The browser gives up when a server answers with an error; then we try again ourselves. */
const TRY_AGAIN_MS = 1_000;

/** What comes within this time is drawn once: 100,000 entries arrive one by one when a page catches up. */
const FLUSH_MS = 50;

/** Follows a running `dev`: catches up first, and again after every lost connection. */
export function followLive(store: Store, token: string): void {
  store.actions = createActions(token);
  store.loadPayloads = loadPayloads;
  let startedAt: number | undefined;
  let pending: PageEntry[] = [];

  const flush = () => {
    const entries = pending;
    pending = [];
    store.add(entries);
  };

  const connect = () => {
    const { lastSeq } = store.view;
    const events = new EventSource(lastSeq < 0 ? 'events' : `events?after=${lastSeq}`);
    events.addEventListener('hello', ({ data }: MessageEvent<string>) => {
      const facts = JSON.parse(data) as RunFacts;
      // Another run at the same address: its page has its own token, and its entries count from the start.
      if (startedAt !== undefined && startedAt !== facts.startedAt) location.reload();
      startedAt = facts.startedAt;
      store.connection = 'live';
      store.know(facts);
    });
    events.addEventListener('message', ({ data }: MessageEvent<string>) => {
      pending.push(JSON.parse(data) as PageEntry);
      if (pending.length === 1) setTimeout(flush, FLUSH_MS);
    });
    events.addEventListener('error', () => {
      store.connection = 'lost';
      store.changed();
      if (events.readyState === EventSource.CLOSED) setTimeout(connect, TRY_AGAIN_MS);
    });
  };
  connect();
}

async function loadPayloads(requestId: string): Promise<Payloads | undefined> {
  const answer = await fetch(`payloads/${encodeURIComponent(requestId)}`);
  return answer.ok ? ((await answer.json()) as Payloads) : undefined;
}
