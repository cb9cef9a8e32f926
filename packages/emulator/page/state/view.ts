import type { ResumedWork, UnfinishedWork } from '../../src/lambda-types.ts';
import type { QueueRecord } from '../../src/local-aws/local-aws-event.ts';
import type { JobError, RecordedFunction } from '../../src/recording/recording.ts';
import { createEnvironmentNames } from '../../src/report/environment-names.ts';
import type { InvocationRecord } from '../../src/report/invocation-record.ts';
import type { ReportFigures } from './report-figures.ts';

/** A stretch of time; without `to` it has not ended. Instants are epoch ms. */
export interface Span {
  readonly from: number;
  to?: number;
}

export interface LogRecord {
  readonly at: number;
  readonly source: 'platform' | 'function' | 'extension';
  readonly line: string;
}

/** An instant that is worth a flag on the timeline. */
export interface Mark {
  readonly at: number;
  readonly text: string;
  readonly tone: 'bad' | 'action';
}

/** What the caller sees of a request over HTTP. */
export interface Exchange {
  readonly number: number;
  readonly method: string;
  readonly target: string;
  readonly functionName?: string;
  readonly routeKey?: string;
  readonly startedAt: number;
  endedAt?: number;
  statusCode?: number;
  durationMs?: number;
  problem?: string;
}

/** A batch of a queue's messages, which invokes a function. */
export interface Delivery {
  readonly resource: string;
  readonly functionName: string;
  readonly startedAt: number;
  readonly messages: number;
  /** The first of them, when there are many. */
  readonly records: readonly QueueRecord[];
  readonly batchSize: number;
  readonly visibilityTimeoutMs: number;
  readonly deadLetter?: { readonly resource: string; readonly maxReceiveCount: number };
  /** When those that were done had been deleted. */
  endedAt?: number;
  /** How many messages stay in the queue. */
  failed?: number;
  failedIds?: ReadonlySet<string>;
  problem?: string;
}

/** What arrived where no function of the project fetches it. */
export interface Message {
  readonly key: string;
  readonly at: number;
  readonly service: 'sqs' | 'sns' | 'events' | 's3';
  /** The resource, and of an object in a bucket its key. */
  readonly place: string;
  readonly messageId?: string;
  readonly body: string;
  /** What it records: the end of a job. */
  readonly record?: InvocationRecord;
  /** The job, where it is certain which one it is. */
  job?: Job;
}

/** What Lambda sees of a request: one run of the function. */
export interface Run {
  readonly requestId: string;
  readonly functionName: string;
  readonly environmentId: string;
  readonly startedAt: number;
  /** Of a cold start. */
  readonly init?: Span;
  respondedAt?: number;
  responseBytes?: number;
  functionError?: string;
  runtimeDoneAt?: number;
  /** When each extension asked for its next event. */
  readonly extensions: Map<string, number>;
  endedAt?: number;
  tailMs?: number;
  status?: string;
  report?: ReportFigures;
  lines: LogRecord[];
  /** Lines that are no longer kept. */
  forgottenLines: number;
  readonly jobs: Job[];
  /** What it started, and had not finished at a freeze. */
  readonly lost: Map<string, LostWork>;
}

/** One line of the list: a request over HTTP, a batch of a queue, or only the run of a function. */
export interface Row {
  readonly key: string;
  exchange?: Exchange;
  /** Instead of an exchange. */
  readonly delivery?: Delivery;
  run?: Run;
  /** The environment that starts for it, before it has a run. */
  startingEnvironmentId?: string;
}

export interface Extension {
  readonly name: string;
  readonly events: readonly string[];
  readonly registeredAt: number;
  readyAt?: number;
  /** Since when it works; without it, the extension waits for its next event. */
  busySince?: number;
}

export type PhaseKind = 'init' | 'reply' | 'tail' | 'idle' | 'frozen' | 'shutdown';

export interface Phase extends Span {
  readonly kind: PhaseKind;
  readonly reason?: string;
  /** That run at once, where they are several. */
  requests?: number;
}

export interface Environment {
  readonly id: string;
  /** `report·1` */
  readonly name: string;
  readonly functionName: string;
  readonly startedAt: number;
  readonly phases: Phase[];
  readonly extensions: Map<string, Extension>;
  readonly marks: Mark[];
  /** Runs that have not ended. */
  readonly running: Set<Run>;
  readonly openJobs: Set<Job>;
  requests: number;
  initMs?: number;
  problem?: string;
  endedAt?: number;
  /** What its function had pending at the last question, since the last freeze. */
  pending?: { readonly at: number; readonly work: readonly UnfinishedWork[] };
  /** INIT for which no run is known yet. */
  unusedInit?: Phase;
  /** Lines outside of a request. */
  lines: LogRecord[];
}

export interface Attempt extends Span {
  readonly number: number;
  error?: JobError;
}

export type JobState = 'accepted' | 'running' | 'waiting' | 'succeeded' | 'failed';

export interface Job {
  readonly key: string;
  readonly id: string;
  readonly functionName: string;
  environmentId: string;
  readonly requestId?: string;
  /** The request that made it run, where another function or environment had handed it off: the event of a queue. */
  startedBy?: string;
  /** When it was handed off; until its end is logged, when it was accepted. */
  acceptedAt: number;
  state: JobState;
  readonly attempts: Attempt[];
  /** When the next attempt begins, where that is known. */
  nextAttemptAt?: number;
  endedAt?: number;
  /** From the hand-off to its end, from its log line. */
  durationMs?: number;
  destination?: string;
  /** What arrived at its destination. */
  record?: Message;
  /** How many attempts it took, as the line about its end says. */
  attemptsSaid?: number;
  error?: JobError;
}

/** Something that a function had not finished when its environment froze. */
export interface LostWork {
  readonly key: string;
  readonly environmentId: string;
  readonly functionName: string;
  readonly work: UnfinishedWork;
  readonly startedAt: number;
  readonly frozenAt: number;
  resumed?: ResumedWork;
  /** When it was reported what became of it. */
  resumedAt?: number;
}

/** Everything that the page knows; `addEntry()` keeps it up to date. */
export interface View {
  startedAt: number;
  url?: string;
  functions: Map<string, RecordedFunction>;
  /** Oldest first. */
  readonly rows: Row[];
  readonly rowsByRequestId: Map<string, Row>;
  readonly rowsByNumber: Map<number, Row>;
  /** Requests over HTTP for which no run is known, by function, oldest first. */
  readonly waiting: Map<string, Row[]>;
  readonly environments: Map<string, Environment>;
  readonly environmentName: (functionName: string, environmentId: string) => string;
  readonly jobs: Map<string, Job>;
  /** Of the request that handed them off. */
  readonly jobsByRequestId: Map<string, Job[]>;
  /** By its id, the batches that a message was in, oldest first. */
  readonly deliveries: Map<string, Row[]>;
  readonly messages: Map<string, Message>;
  readonly messagesById: Map<string, Message>;
  readonly lost: Map<string, LostWork>;
  readonly forgotten: { entries: number; requests: number; lines: number };
  keptLines: number;
  keptCharacters: number;
  /** How many rows have been emptied of their lines. */
  emptiedRows: number;
  /** Rows and messages that have ever been added, for their keys. */
  addedRows: number;
  addedMessages: number;
  lastSeq: number;
  lastAt: number;
}

export function createView(): View {
  return {
    startedAt: 0,
    functions: new Map(),
    rows: [],
    rowsByRequestId: new Map(),
    rowsByNumber: new Map(),
    waiting: new Map(),
    environments: new Map(),
    environmentName: createEnvironmentNames(),
    jobs: new Map(),
    jobsByRequestId: new Map(),
    deliveries: new Map(),
    messages: new Map(),
    messagesById: new Map(),
    lost: new Map(),
    forgotten: { entries: 0, requests: 0, lines: 0 },
    keptLines: 0,
    keptCharacters: 0,
    emptiedRows: 0,
    addedRows: 0,
    addedMessages: 0,
    lastSeq: -1,
    lastAt: 0,
  };
}
