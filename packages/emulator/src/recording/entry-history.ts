import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { JobError, RecordedEntry, RecordedEvent } from './recording.ts';

/** How much is kept. */
export interface HistoryLimits {
  readonly entries: number;
  /** Of memory, roughly. */
  readonly bytes: number;
}

/** Entries that follow each other, and that are packed and forgotten together. */
interface Chunk {
  readonly first: number;
  readonly count: number;
  /** Until it is packed. */
  entries: RecordedEntry[] | undefined;
  packed?: Buffer;
  bytes: number;
  /** Unpacked. */
  readonly textBytes: number;
}

/** What an entry takes beside its longest text. */
const ENTRY_BYTES = 200;
/** The id of a message. */
const RECORD_BYTES = 60;
const MAX_CHUNK_ENTRIES = 500;
const MAX_CHUNK_BYTES = 1024 * 1024;
/** However well it can be packed, more is no longer a file that can be opened. */
const MAX_TEXT_BYTES = 128 * 1024 * 1024;
/** A smaller one is not worth the work. */
const MIN_PACKED_BYTES = 16 * 1024;

/**
 * The numbered events of a run; forgets the oldest, so that a long run stays bounded in memory. Events resemble each
 * other: packed, they take a tenth.
 */
export class EntryHistory {
  readonly #limits: HistoryLimits;
  readonly #chunkEntries: number;
  readonly #maxChunkBytes: number;
  readonly #chunks: Chunk[] = [];
  /** Not yet in a chunk. */
  #recent: RecordedEntry[] = [];
  #recentBytes = 0;
  #chunkBytes = 0;
  #textBytes = 0;
  #next = 0;

  constructor(limits: HistoryLimits) {
    this.#limits = limits;
    this.#chunkEntries = Math.min(MAX_CHUNK_ENTRIES, Math.ceil(limits.entries / 100));
    this.#maxChunkBytes = Math.min(MAX_CHUNK_BYTES, limits.bytes / 10);
  }

  add(event: RecordedEvent): RecordedEntry {
    const entry = { seq: this.#next++, event };
    if (this.#limits.entries === 0) return entry;
    this.#recent.push(entry);
    this.#recentBytes += bytesOf(event);
    if (this.#recent.length >= this.#chunkEntries || this.#recentBytes >= this.#maxChunkBytes) {
      this.#close();
    }
    while (this.#isTooMuch) {
      const oldest = this.#chunks.shift();
      if (!oldest) break;
      this.#chunkBytes -= oldest.bytes;
      this.#textBytes -= oldest.textBytes;
    }
    return entry;
  }

  /** How many entries are no longer kept; also the number of the oldest that is. */
  get forgotten(): number {
    return this.#chunks[0]?.first ?? this.#next - this.#recent.length;
  }

  /** Of all entries, the forgotten ones too. */
  get count(): number {
    return this.#next;
  }

  /** Of memory, roughly. */
  get bytes(): number {
    return this.#recentBytes + this.#chunkBytes;
  }

  /** At most so many entries from that number on, or from the oldest that is kept. */
  from(seq: number, count = Number.POSITIVE_INFINITY): RecordedEntry[] {
    const found: RecordedEntry[] = [];
    const take = (entries: readonly RecordedEntry[]) => {
      for (const entry of entries) if (entry.seq >= seq && found.length < count) found.push(entry);
    };
    for (const chunk of this.#chunks) {
      if (found.length >= count) return found;
      if (chunk.first + chunk.count > seq) take(entriesOf(chunk));
    }
    take(this.#recent);
    return found;
  }

  get #isTooMuch(): boolean {
    const { entries, bytes } = this.#limits;
    const isTooMany = this.#next - this.forgotten > entries;
    return isTooMany || this.bytes > bytes || this.#textBytes > MAX_TEXT_BYTES;
  }

  #close(): void {
    const [entries, bytes] = [this.#recent, this.#recentBytes];
    const first = entries[0]?.seq ?? 0;
    const chunk: Chunk = { first, count: entries.length, entries, bytes, textBytes: bytes };
    this.#chunks.push(chunk);
    this.#textBytes += bytes;
    this.#chunkBytes += bytes;
    this.#recent = [];
    this.#recentBytes = 0;
    if (bytes < MIN_PACKED_BYTES) return;
    // The fastest: the work is done by another thread, but it is work.
    deflateRaw(JSON.stringify(entries), { level: 1 }, (error, packed) => {
      if (error || !this.#chunks.includes(chunk)) return;
      this.#chunkBytes += packed.length - chunk.bytes;
      // A copy: what zlib hands out is a part of a larger buffer.
      chunk.packed = Buffer.from(packed);
      chunk.bytes = packed.length;
      chunk.entries = undefined;
    });
  }
}

const entriesOf = ({ entries, packed = Buffer.alloc(0) }: Chunk): RecordedEntry[] =>
  entries ?? JSON.parse(inflateRawSync(packed).toString());

function bytesOf(event: RecordedEvent): number {
  switch (event.type) {
    case 'log':
      return ENTRY_BYTES + event.line.length;
    case 'queue.batch':
      return ENTRY_BYTES + RECORD_BYTES * event.records.length;
    case 'queue.done':
      return ENTRY_BYTES + RECORD_BYTES * event.failedIds.length;
    case 'aws.message':
      return ENTRY_BYTES + event.body.length;
    case 'http.request':
      return ENTRY_BYTES + event.target.length;
    case 'pending':
    case 'unfinished':
      return (
        ENTRY_BYTES + sum(event.work.map(({ what, stack = '' }) => what.length + stack.length))
      );
    case 'job.retry':
    case 'job.ended':
      return ENTRY_BYTES + textOf(event.error).length;
    default:
      return ENTRY_BYTES;
  }
}

const textOf = ({ message, stack = '' }: JobError = { type: '', message: '' }): string =>
  message + stack;

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
