import type { ReportEvent } from '../report/report-event.ts';
import { EntryHistory, type HistoryLimits } from './entry-history.ts';
import { JobLog } from './job-log.ts';
import { PayloadHistory, type PayloadKind } from './payload-history.ts';
import {
  type Payloads,
  RECORDING_VERSION,
  type RecordedEntry,
  type RecordedEvent,
  type RecordedFunction,
  type Recording,
} from './recording.ts';

export interface RecorderLimits extends HistoryLimits {
  /** Of all payloads together. */
  readonly payloadBytes: number;
}

const MIB = 1024 * 1024;

/** Some 10,000 requests with 100,000 log lines. */
const LIMITS: RecorderLimits = { entries: 250_000, bytes: 32 * MIB, payloadBytes: 16 * MIB };

/** For a run that nobody will look at: events are passed on, and not kept. */
export const NOTHING_KEPT: RecorderLimits = { entries: 0, bytes: 0, payloadBytes: 0 };

/** Longer log lines and messages are cut off. */
const MAX_TEXT_LENGTH = 256 * 1024;

export interface RecorderOptions {
  readonly limits?: RecorderLimits;
  /** Called with every event at the moment it is added. */
  readonly onEvent?: (event: RecordedEvent) => void;
}

/** Keeps what happens in a run: the last events, what becomes of jobs, and what functions received and answered. */
export class Recorder {
  readonly startedAt = Date.now();
  readonly #entries: EntryHistory;
  readonly #payloads: PayloadHistory;
  readonly #onEvent: ((event: RecordedEvent) => void) | undefined;
  readonly #jobs = new JobLog((event) => this.#add(event));
  readonly #listeners = new Set<(entry: RecordedEntry) => void>();

  constructor({ limits = LIMITS, onEvent }: RecorderOptions = {}) {
    this.#entries = new EntryHistory(limits);
    this.#payloads = new PayloadHistory(limits.payloadBytes);
    this.#onEvent = onEvent;
  }

  add(event: ReportEvent): void {
    this.#add(event);
    this.#jobs.add(event);
  }

  addPayload(requestId: string, kind: PayloadKind, payload: Buffer): void {
    this.#payloads.add(requestId, kind, payload);
  }

  /** How many entries are no longer kept. */
  get forgotten(): number {
    return this.#entries.forgotten;
  }

  /** Of all entries, the forgotten ones too. */
  get count(): number {
    return this.#entries.count;
  }

  /** At most so many entries from that number on, or from the oldest that is kept. */
  entriesFrom(seq: number, count?: number): RecordedEntry[] {
    return this.#entries.from(seq, count);
  }

  payloadsOf(requestId: string): Payloads | undefined {
    return this.#payloads.get(requestId);
  }

  /** Whether an attempt of a job is running in that environment, as far as log lines tell. */
  isAttemptRunning(environmentId: string): boolean {
    return this.#jobs.isRunning(environmentId);
  }

  /** Calls back with every entry from now on. @returns what ends that */
  listen(listener: (entry: RecordedEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All that is kept, or only these entries. Nothing is redacted. */
  recording(
    { functions, url }: { functions: readonly RecordedFunction[]; url?: string },
    entries: readonly RecordedEntry[] = this.entriesFrom(0),
  ): Recording {
    return {
      version: RECORDING_VERSION,
      startedAt: this.startedAt,
      ...(url !== undefined && { url }),
      functions,
      forgotten: this.forgotten,
      entries,
      payloads: this.#payloads.all(),
    };
  }

  #add(event: RecordedEvent): void {
    this.#onEvent?.(event);
    const entry = this.#entries.add(shorten(event));
    for (const listener of this.#listeners) listener(entry);
  }
}

function shorten(event: RecordedEvent): RecordedEvent {
  if (event.type === 'log' && event.line.length > MAX_TEXT_LENGTH) {
    return { ...event, line: cut(event.line) };
  }
  if (event.type === 'aws.message' && event.body.length > MAX_TEXT_LENGTH) {
    return { ...event, body: cut(event.body) };
  }
  return event;
}

const cut = (text: string): string =>
  `${text.slice(0, MAX_TEXT_LENGTH)}… (cut off: ${text.length.toLocaleString('en-US')} characters)`;
