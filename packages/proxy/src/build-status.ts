import type { LambdaContext } from '@async-http/client';
import type { JobState } from '@async-http/client/store';

/** Whether a request may read the state of a job. */
export type AllowStatus<TEvent = unknown> = (
  event: TEvent,
  job: JobState,
) => boolean | Promise<boolean>;

export interface StatusOptions<TEvent = unknown> {
  /**
   * Called for each request for a known job. An id has 128 random bits, so `() => true` allows only those who got it from
   * the caller.
   */
  readonly allow: AllowStatus<TEvent>;
}

export type StatusHandler<TEvent = unknown> = (
  event: TEvent,
  context: LambdaContext,
) => Promise<StatusResponse>;

export interface StatusResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A job that is still in the table. */
export interface FoundJob {
  readonly state: JobState;
  readonly expiresAtMs: number;
}

interface Jobs {
  read(jobId: string): Promise<FoundJob | undefined>;
  /** Waits a moment. */
  pause(ms: number): Promise<void>;
}

/** The extension writes the first state of a job behind the reply, and may have to start for it. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 500;

const POLL_SECONDS = 1;
/** Of a job that is overdue, news come with a request to its environment, or never. */
const POLL_OVERDUE_SECONDS = 60;

export function buildStatus(jobs: Jobs, { allow }: StatusOptions<never>): StatusHandler<never> {
  async function find(jobId: string): Promise<FoundJob | undefined> {
    for (let looks = 1; ; looks += 1) {
      const job = await jobs.read(jobId);
      if (job || looks === LOOKS) return job;
      await jobs.pause(BETWEEN_LOOKS_MS);
    }
  }

  return async (event) => {
    const jobId = jobIdOf(event);
    if (!jobId) return answer(400, { message: 'The path must end with the id of a job' });
    const job = isJobId(jobId) ? await find(jobId) : undefined;
    if (!job) return answer(404, { message: 'There is no such job' });
    const { state, expiresAtMs } = job;
    if (!(await allow(event, state))) {
      return answer(403, { message: 'You may not ask for this job' });
    }
    if (expiresAtMs <= Date.now()) {
      return answer(410, { message: 'The state of this job is no longer kept' });
    }
    const hasEnded = state.status === 'succeeded' || state.status === 'failed';
    if (hasEnded) return answer(200, forCaller(state));
    return answer(202, forCaller(state), { 'retry-after': `${secondsUntilNews(state)}` });
  };
}

/** An error message may contain what a caller must not know. */
function forCaller({ error, ...state }: JobState): object {
  return error ? { ...state, error: { errorType: error.errorType } } : state;
}

function secondsUntilNews({ nextAttemptAt, overdueSince }: JobState): number {
  if (overdueSince !== undefined) return POLL_OVERDUE_SECONDS;
  const leftMs = nextAttemptAt === undefined ? 0 : Date.parse(nextAttemptAt) - Date.now();
  return Math.max(POLL_SECONDS, Math.ceil(leftMs / 1_000));
}

/** The parameter `id` or `jobId` of the route, or else the last part of the path. */
function jobIdOf(event: unknown): string | undefined {
  const { pathParameters, rawPath, path } = Object(event) as {
    pathParameters?: { id?: string; jobId?: string } | null;
    rawPath?: string;
    path?: string;
  };
  const parameter = pathParameters?.jobId ?? pathParameters?.id;
  return parameter ?? (rawPath ?? path)?.split('/').at(-1);
}

/** Anything else is not in the table, and asking for it would be refused: a key of an item has 2,048 bytes at most. */
function isJobId(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]{1,512}$/.test(value);
}

function answer(
  statusCode: number,
  body: object,
  headers: Record<string, string> = {},
): StatusResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
