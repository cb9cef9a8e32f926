import { MAX_TIMER_MS } from '../max-timer.ts';
import type { FunctionEvent, ReportEvent } from '../report/report-event.ts';
import { type LogMessage, readLogMessage } from './log-message.ts';
import type { JobError, JobEvent } from './recording.ts';

type LogEvent = Extract<FunctionEvent, { type: 'log' }>;
type About = Pick<JobEvent, 'functionName' | 'environmentId' | 'requestId' | 'during' | 'jobId'>;

/** A job between two lines about it. */
interface Tracked {
  readonly about: About;
  /** Of the attempt that runs, or is the next. */
  attempt: number;
  /** `due`: begins by itself; `postponed`: begins with the next invocation of its environment. */
  state: 'due' | 'postponed' | 'running';
  dueAt: number;
  timer?: NodeJS.Timeout;
}

/**
 * How long the first attempt is taken to be due after the job was accepted: in this time comes the line that postpones
 * it, if one comes.
 */
const FIRST_ATTEMPT_MS = 20;

/**
 * Reads what becomes of background work from the log lines of extensions, as they are documented in the README. No line
 * says that an attempt begins, so that is derived: the first one begins when the job is accepted, the next one after
 * the delay that the line about the failure names, and one that waits for an invocation begins with it.
 */
export class JobLog {
  readonly #onEvent: (event: JobEvent) => void;
  /** Only jobs that have not ended. */
  readonly #jobs = new Map<string, Tracked>();

  /** @param onEvent Called while the line is added, or later, when an attempt begins. */
  constructor(onEvent: (event: JobEvent) => void) {
    this.#onEvent = onEvent;
  }

  add(event: ReportEvent): void {
    switch (event.type) {
      case 'log':
        if (event.source === 'extension') this.#read(event);
        break;
      case 'invoke.start':
        for (const job of this.#jobsOf(event)) {
          if (job.state === 'postponed') this.#begin(job, event.at, event.requestId);
        }
        break;
      case 'shutdown.done':
        for (const job of this.#jobsOf(event)) this.#forget(job);
        break;
    }
  }

  /** Whether an attempt of a job is running in that environment, as far as log lines tell. */
  isRunning(environmentId: string): boolean {
    return [...this.#jobs.values()].some(
      ({ about, state }) => about.environmentId === environmentId && state === 'running',
    );
  }

  #read({ at, functionName, environmentId, requestId: running, line }: LogEvent): void {
    const message = readLogMessage(line);
    if (!message) return;
    const { jobId, requestId = running } = message;
    const about: About = {
      functionName,
      environmentId,
      jobId,
      ...(requestId !== undefined && { requestId }),
      ...(running !== undefined && running !== requestId && { during: running }),
    };
    this.#understand(about, at, message);
  }

  #understand(about: About, at: number, { text, fields }: LogMessage): void {
    const known = this.#jobs.get(keyOf(about));
    if (text === 'job accepted') {
      this.#onEvent({ at, ...about, type: 'job.accepted' });
      this.#wait(about, { attempt: 1, dueAt: at, delayMs: FIRST_ATTEMPT_MS });
    } else if (/ (starts|resumes) with the next invocation/.test(text)) {
      this.#postpone(about, numberOf(fields.attempts) ?? 0, known);
    } else if (/^attempt \d+ /.test(text)) {
      this.#failed(about, at, text, fields, known);
    } else if (/^job (succeeded|failed|aborted)\b/.test(text)) {
      this.#ended(about, at, text, fields, known);
    }
  }

  #failed(
    about: About,
    at: number,
    text: string,
    fields: LogMessage['fields'],
    known: Tracked | undefined,
  ): void {
    const attempt = numberOf(fields.attempt) ?? 1;
    this.#catchUp(known, attempt);
    const [, delay] = /; the next one starts in (\d+) ms$/.exec(text) ?? [];
    const nextAttemptInMs = delay === undefined ? undefined : Number(delay);
    this.#onEvent({
      at,
      ...about,
      type: 'job.retry',
      attempt,
      error: errorOf(fields) ?? { type: 'Error', message: '' },
      ...(nextAttemptInMs !== undefined && { nextAttemptInMs }),
    });
    if (nextAttemptInMs === undefined) {
      if (known) this.#forget(known);
    } else {
      const delayMs = nextAttemptInMs;
      this.#wait(about, { attempt: attempt + 1, dueAt: at + delayMs, delayMs });
    }
  }

  #ended(
    about: About,
    at: number,
    text: string,
    fields: LogMessage['fields'],
    known: Tracked | undefined,
  ): void {
    const attempts = numberOf(fields.attempts);
    this.#catchUp(known, attempts ?? 1);
    if (known) this.#forget(known);
    const durationMs = numberOf(fields.durationMs);
    const isSuccess = text.startsWith('job succeeded');
    const error = isSuccess ? undefined : (errorOf(fields) ?? { type: 'Error', message: text });
    this.#onEvent({
      at,
      ...about,
      type: 'job.ended',
      status: isSuccess ? 'succeeded' : 'failed',
      ...(attempts !== undefined && { attempts }),
      ...(durationMs !== undefined && { durationMs }),
      ...(error && { error }),
      ...(typeof fields.destination === 'string' && { destination: fields.destination }),
    });
  }

  /** An attempt that is known to be over has begun before. */
  #catchUp(job: Tracked | undefined, attempt: number): void {
    if (job && job.state !== 'running' && job.attempt <= attempt) this.#begin(job, job.dueAt);
  }

  #postpone(about: About, attempts: number, known: Tracked | undefined): void {
    const attempt = known?.attempt ?? attempts + 1;
    if (known) this.#forget(known);
    this.#jobs.set(keyOf(about), { about, attempt, state: 'postponed', dueAt: Date.now() });
  }

  #wait(
    about: About,
    { attempt, dueAt, delayMs }: { attempt: number; dueAt: number; delayMs: number },
  ): void {
    const known = this.#jobs.get(keyOf(about));
    if (known) this.#forget(known);
    const job: Tracked = { about, attempt, state: 'due', dueAt };
    job.timer = setTimeout(() => this.#begin(job, dueAt), Math.min(delayMs, MAX_TIMER_MS)).unref();
    this.#jobs.set(keyOf(about), job);
  }

  #begin(job: Tracked, at: number, during = job.about.during): void {
    clearTimeout(job.timer);
    job.state = 'running';
    const { during: _, ...about } = job.about;
    const isOther = during !== undefined && during !== about.requestId;
    this.#onEvent({
      at,
      ...about,
      ...(isOther && { during }),
      type: 'job.attempt',
      attempt: job.attempt,
    });
  }

  #forget(job: Tracked): void {
    clearTimeout(job.timer);
    this.#jobs.delete(keyOf(job.about));
  }

  #jobsOf({ environmentId }: { environmentId: string }): Tracked[] {
    // Events come often, jobs that have not ended are few.
    if (this.#jobs.size === 0) return [];
    return [...this.#jobs.values()].filter(({ about }) => about.environmentId === environmentId);
  }
}

const keyOf = ({ environmentId, jobId }: About): string => `${environmentId} ${jobId}`;

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

function errorOf({
  errorType,
  errorMessage,
  stackTrace,
}: LogMessage['fields']): JobError | undefined {
  if (typeof errorType !== 'string') return undefined;
  return {
    type: errorType,
    message: typeof errorMessage === 'string' ? errorMessage : '',
    ...(Array.isArray(stackTrace) && stackTrace.length > 0 && { stack: stackTrace.join('\n') }),
  };
}
