import type { Recording } from '../../src/recording/recording.ts';
import type { Store } from './store.ts';

/** Shows a recording, from its beginning to wherever it is scrubbed to; at first, its end. */
export function showRecording(store: Store, recording: Recording): void {
  const { entries, payloads = {} } = recording;
  let shown = 0;
  store.connection = 'recording';
  store.loadPayloads = async (requestId) =>
    Object.hasOwn(payloads, requestId) ? payloads[requestId] : undefined;
  store.end = entries.reduce((last, { event }) => Math.max(last, event.at), recording.startedAt);
  store.seek = (at) => {
    if (at < store.at) {
      store.reset(recording);
      shown = 0;
    }
    store.at = at;
    const from = shown;
    while (shown < entries.length && (entries[shown]?.event.at ?? 0) <= at) shown += 1;
    store.add(entries.slice(from, shown));
  };
  store.reset(recording);
  store.at = recording.startedAt;
  store.seek(store.end);
}
