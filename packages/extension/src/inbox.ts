import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  type Accepted,
  describeVersionMismatch,
  HEADERS,
  JOBS_PATH,
  LEASES_PATH,
  MAX_BODY_BYTES,
  PROTOCOL_VERSION,
  RUNS_PATH,
  requestIdFromEndPath,
} from '@async-http/client/protocol';
import type { Log } from './log.ts';
import { RefusalError } from './refusal.ts';

/** A job as it comes in. The body stays bytes: only the handler process needs its content. */
export interface HandOff {
  readonly requestId: string;
  /** Deadline of the request: wall-clock ms since the epoch. */
  readonly deadlineMs: number;
  readonly traceId: string | undefined;
  readonly idempotencyKey: string;
  readonly body: Buffer;
}

/** One attempt of a job that an engine has delivered to this function. The deadline is its consumer's. */
export interface RunRequest extends HandOff {
  readonly jobId: string;
  /** `awsRequestId` of the request that handed the job off. */
  readonly originRequestId: string;
  /** Wall-clock ms since the epoch. */
  readonly acceptedAt: number;
  /** Counts from 1. */
  readonly attempt: number;
}

/** An environment held for a promise that the function process runs itself. */
export interface Lease {
  /** Of the current invocation, as wall-clock ms since the epoch; undefined when there is none, or none is known yet. */
  readonly deadlineMs: number | undefined;
  /** To be called when the promise has settled. */
  end(): void;
}

export interface Receiver {
  /** @throws {RefusalError} which is what the client gets instead of 202 */
  accept(handOff: HandOff): Promise<Accepted>;
  /**
   * Answers when the attempt has ended.
   *
   * @returns a `RunResult` as JSON
   * @throws {RefusalError} which is what the consumer gets instead of 200
   */
  run(request: RunRequest): Promise<string>;
  /**
   * The function process runs a promise of its own.
   *
   * @param lost to be called when the environment can no longer be held for it
   * @throws {RefusalError}
   */
  lease(lost: () => void): Lease;
  /** The function is done with this request. */
  end(requestId: string): void;
  /** The last connection of the function process has closed: the process has ended. */
  clientGone(): void;
}

const PATHS = new Set<string>([JOBS_PATH, RUNS_PATH, LEASES_PATH]);

/** What open requests may hold in memory together; a function's own requests are 6 MB at most. */
const MAX_BUFFERED_BYTES = 4 * MAX_BODY_BYTES;

/** For clients that stop half-way. */
const BODY_TIMEOUT_MS = 15_000;

/** Below this a body is checked to be JSON: a hand-written request then gets its 400 at once. Above, parsing twice would cost more than sending. */
const CHECKED_BODY_BYTES = 64 * 1024;

/** Answers the calls of the wire contract (`@async-http/client/protocol`) on an open socket. */
export function receive(server: Server, receiver: Receiver, log: Log): void {
  const clients = new Set<Socket>();
  let bufferedBytes = 0;

  server.on('request', (request, response) => {
    handle(request, response).then(
      (answer) => answer && send(response, answer.status, answer.body),
      (error: unknown) => {
        const refusal = error instanceof RefusalError ? error : undefined;
        // A client that goes away half-way is its own business; anything else is a defect of ours.
        if (!refusal) log[request.complete ? 'error' : 'debug'](`a hand-off failed: ${error}`);
        request.resume();
        send(response, refusal?.status ?? 500, refusal ?? { message: String(error) });
      },
    );
  });

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ status: number; body?: object | string } | undefined> {
    const { method, url = '' } = request;
    const endOf = requestIdFromEndPath(url);
    if (!PATHS.has(url) && endOf === undefined) throw bad(`There is no ${url} here.`, 404);
    if (method !== 'POST') throw bad(`${url} takes POST, not ${method}.`, 405);
    checkVersion(request);

    if (endOf !== undefined) {
      remember(request.socket);
      receiver.end(endOf);
      return { status: 204 };
    }
    if (url === LEASES_PATH) {
      hold(request, response);
      return undefined;
    }
    const handOff = readHeaders(request);
    const run = url === RUNS_PATH ? readRunHeaders(request) : undefined;
    remember(request.socket);
    const body = await readBody(request);
    if (run) return { status: 200, body: await receiver.run({ ...handOff, ...run, body }) };
    try {
      const accepted = await receiver.accept({ ...handOff, body });
      return { status: 202, body: accepted };
    } finally {
      // Also when it was refused: the function says that it is done.
      if (request.headers[HEADERS.end] === '1') receiver.end(handOff.requestId);
    }
  }

  function remember(socket: Socket): void {
    if (clients.has(socket)) return;
    clients.add(socket);
    socket.once('close', () => {
      clients.delete(socket);
      if (clients.size === 0) receiver.clientGone();
    });
  }

  /** The lease lasts as long as the body: its end is that of the promise, a broken one that of the process. */
  function hold(request: IncomingMessage, response: ServerResponse): void {
    const { deadlineMs, end } = receiver.lease(() => response.end());
    remember(request.socket);
    response.writeHead(200, {
      [HEADERS.version]: PROTOCOL_VERSION,
      ...(deadlineMs !== undefined && { [HEADERS.deadlineMs]: deadlineMs }),
    });
    response.flushHeaders();
    request.resume();
    request.once('close', () => {
      end();
      response.end();
    });
  }

  async function readBody(request: IncomingMessage): Promise<Buffer> {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > MAX_BODY_BYTES) throw tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    // Not `for await`: leaving that loop destroys the connection before it can carry the refusal.
    const complete = new Promise<void>((resolve, reject) => {
      request.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        bufferedBytes += chunk.length;
        if (length > MAX_BODY_BYTES || bufferedBytes > MAX_BUFFERED_BYTES) {
          request.removeAllListeners('data');
          reject(tooLarge());
        }
      });
      request.on('end', resolve);
      request.on('error', reject);
    });
    const timer = setTimeout(() => request.destroy(), BODY_TIMEOUT_MS);
    await complete.finally(() => {
      clearTimeout(timer);
      bufferedBytes -= length;
    });
    const body = Buffer.concat(chunks, length);
    if (!isJobBody(body)) {
      throw bad('The body is not {"event":…,"context":…} as JSON, so there is nothing to run.');
    }
    return body;
  }
}

function checkVersion({ headers }: IncomingMessage): void {
  const client = headers[HEADERS.version];
  if (client === PROTOCOL_VERSION) return;
  throw new RefusalError(
    'ASYNC_HTTP_VERSION_MISMATCH',
    describeVersionMismatch({ client: client?.toString(), extension: PROTOCOL_VERSION }),
  );
}

function readHeaders({ headers }: IncomingMessage): Omit<HandOff, 'body'> {
  const requestId = headers[HEADERS.requestId]?.toString();
  const idempotencyKey = headers[HEADERS.idempotencyKey]?.toString();
  const deadlineMs = Number(headers[HEADERS.deadlineMs]);
  if (!requestId) throw bad(`The header ${HEADERS.requestId} is missing.`);
  if (!idempotencyKey) throw bad(`The header ${HEADERS.idempotencyKey} is missing.`);
  if (!Number.isSafeInteger(deadlineMs)) {
    throw bad(`The header ${HEADERS.deadlineMs} must be whole milliseconds since the epoch.`);
  }
  return { requestId, idempotencyKey, deadlineMs, traceId: headers[HEADERS.traceId]?.toString() };
}

function readRunHeaders({ headers }: IncomingMessage): Omit<RunRequest, keyof HandOff> {
  const jobId = headers[HEADERS.jobId]?.toString();
  const originRequestId = headers[HEADERS.originRequestId]?.toString();
  const acceptedAt = Number(headers[HEADERS.acceptedAt]);
  const attempt = Number(headers[HEADERS.attempt]);
  if (!jobId) throw bad(`The header ${HEADERS.jobId} is missing.`);
  if (!originRequestId) throw bad(`The header ${HEADERS.originRequestId} is missing.`);
  if (!Number.isSafeInteger(acceptedAt)) {
    throw bad(`The header ${HEADERS.acceptedAt} must be whole milliseconds since the epoch.`);
  }
  if (!Number.isSafeInteger(attempt) || attempt < 1) {
    throw bad(`The header ${HEADERS.attempt} must be a whole number from 1.`);
  }
  return { jobId, originRequestId, acceptedAt, attempt };
}

function isJobBody(body: Buffer): boolean {
  if (body.at(0) !== 0x7b || body.at(-1) !== 0x7d) return false; // { … }
  if (body.length > CHECKED_BODY_BYTES) return true;
  try {
    const job = JSON.parse(body.toString());
    return 'event' in job && 'context' in job;
  } catch {
    return false;
  }
}

function bad(message: string, status?: number): RefusalError {
  return new RefusalError('ASYNC_HTTP_BAD_REQUEST', message, status);
}

function tooLarge(): RefusalError {
  return new RefusalError(
    'ASYNC_HTTP_PAYLOAD_TOO_LARGE',
    `A hand-off may have ${MAX_BODY_BYTES} bytes, and all that wait at once ${MAX_BUFFERED_BYTES}. Put the data into S3 and hand off its key.`,
  );
}

function send(response: ServerResponse, status: number, body: object | string | undefined): void {
  if (response.destroyed) return;
  const payload = typeof body === 'object' ? JSON.stringify(body) : body;
  response.writeHead(status, {
    [HEADERS.version]: PROTOCOL_VERSION,
    ...(payload && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
    }),
    // The rest of a body that is too large will not be read.
    ...(status === 413 && { connection: 'close' }),
  });
  response.end(payload);
}
