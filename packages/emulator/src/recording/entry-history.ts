import type { JobError, RecordedEntry, RecordedEvent } from './recording.ts';

/** How much is kept, at least while it is used. */
export interface HistoryLimits {
  readonly entries: number;
  /** Of the text in them, roughly. */
  readonly bytes: number;
}

/** What an entry takes beside its longest text. */
const ENTRY_BYTES = 200;
/** Not at every entry: taking from the front of an array moves all the others. */
const MOVE_AFTER = 1_000;

/** The numbered events of a run; forgets the oldest, so that a long run stays bounded in memory. */
export class EntryHistory {
  readonly #limits: HistoryLimits;
  #entries: (RecordedEntry | undefined)[] = [];
  /** Entries at the front that are forgotten already. */
  #dropped = 0;
  #bytes = 0;
  #next = 0;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
  }

  add(event: RecordedEvent): RecordedEntry {
    const entry = { seq: this.#next++, event };
    this.#entries.push(entry);
    this.#bytes += bytesOf(event);
    while (
      this.#dropped < this.#entries.length &&
      (this.#entries.length - this.#dropped > this.#limits.entries ||
        this.#bytes > this.#limits.bytes)
    ) {
      const oldest = this.#entries[this.#dropped];
      if (oldest) this.#bytes -= bytesOf(oldest.event);
      this.#entries[this.#dropped++] = undefined;
    }
    if (this.#dropped >= MOVE_AFTER) {
      this.#entries = this.#entries.slice(this.#dropped);
      this.#dropped = 0;
    }
    return entry;
  }

  /** How many entries are no longer kept; also the number of the oldest that is. */
  get forgotten(): number {
    return this.#next - (this.#entries.length - this.#dropped);
  }

  /** At most so many entries from that number on, or from the oldest that is kept. */
  from(seq: number, count = Number.POSITIVE_INFINITY): RecordedEntry[] {
    const start = this.#dropped + Math.max(0, seq - this.forgotten);
    return this.#entries.slice(start, start + count).filter((entry) => entry !== undefined);
  }
}

function bytesOf(event: RecordedEvent): number {
  switch (event.type) {
    case 'log':
      return ENTRY_BYTES + event.line.length;
    case 'aws.message':
      return ENTRY_BYTES + event.body.length;
    case 'http.request':
      return ENTRY_BYTES + event.target.length;
    case 'job.retry':
    case 'job.ended':
      return ENTRY_BYTES + textOf(event.error).length;
    default:
      return ENTRY_BYTES;
  }
}

const textOf = ({ message, stack = '' }: JobError = { type: '', message: '' }): string =>
  message + stack;
