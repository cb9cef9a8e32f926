import { describeVersionMismatch } from './protocol.ts';

/** One thing that is wrong with an event or a context. */
export interface PayloadIssue {
  /** Where, from the event or context inwards; empty for the whole of it, or when the place is not known. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * The extension could not be asked, or did not answer.
 *
 * - `not-listening`: nothing accepts connections at the socket; no job was started.
 * - `connection-lost`: the connection broke, and a second try on a fresh one failed.
 * - `no-answer`: the time limit passed. In these two cases the job may still have been accepted.
 */
export class ExtensionUnreachableError extends Error {
  override readonly name = 'ExtensionUnreachableError';
  readonly code = 'ASYNC_HTTP_EXTENSION_UNREACHABLE';
  readonly reason: 'not-listening' | 'connection-lost' | 'no-answer';
  readonly socketPath: string;

  constructor(facts: {
    reason: ExtensionUnreachableError['reason'];
    socketPath: string;
    limitMs: number;
    cause: unknown;
  }) {
    super(describeUnreachable(facts), { cause: facts.cause });
    this.reason = facts.reason;
    this.socketPath = facts.socketPath;
  }
}

function describeUnreachable({
  reason,
  socketPath,
  limitMs,
  cause,
}: ConstructorParameters<typeof ExtensionUnreachableError>[0]): string {
  const detail = cause instanceof Error ? cause.message : String(cause);
  switch (reason) {
    case 'not-listening':
      return (
        `No async-http extension listens at ${socketPath} (${(cause as NodeJS.ErrnoException).code}), so the job was not accepted. ` +
        'Add the async-http layer to the function, and set ASYNC_HTTP_SOCKET, if at all, on the function itself.'
      );
    case 'connection-lost':
      return (
        `The connection to the async-http extension at ${socketPath} broke before an answer came, and a second try failed as well (${detail}), so it is not known whether the job runs. ` +
        "Look in the function's log for what ended the extension."
      );
    case 'no-answer':
      return (
        `The async-http extension at ${socketPath} did not answer within ${limitMs} ms, so the job counts as not accepted, though it may still run. ` +
        "Look in the function's log for what keeps the extension busy; if the request had little time left, raise the function's timeout."
      );
    default:
      return reason satisfies never;
  }
}

/** The event or the context cannot be handed off as it is. Nothing was sent. */
export class PayloadInvalidError extends Error {
  override readonly name = 'PayloadInvalidError';
  readonly code = 'ASYNC_HTTP_PAYLOAD_INVALID';
  /** Which argument the issues are about. */
  readonly subject: 'event' | 'context';
  readonly issues: readonly PayloadIssue[];

  constructor({
    subject,
    issues,
    cause,
  }: {
    subject: 'event' | 'context';
    issues: readonly PayloadIssue[];
    cause?: unknown;
  }) {
    const lines = issues.map(({ path, message }) => `\n- ${formatPath(subject, path)}: ${message}`);
    super(
      `The ${subject} cannot be handed off, so no job was started. Correct it:${lines.join('')}`,
      {
        cause,
      },
    );
    this.subject = subject;
    // Without what else the validating library says in them.
    this.issues = issues.map(({ path, message }) => ({ path, message }));
  }
}

/** Writes a path as it would stand in code: `event.items[0]['content-type']`. */
export function formatPath(subject: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (typeof key === 'symbol') return `${text}[${String(key)}]`;
    return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
      ? `${text}.${key}`
      : `${text}['${key}']`;
  }, subject);
}

/** The job is larger than the socket, or a destination behind it, can take. */
export class PayloadTooLargeError extends Error {
  override readonly name = 'PayloadTooLargeError';
  readonly code = 'ASYNC_HTTP_PAYLOAD_TOO_LARGE';
}

/** `ASYNC_HANDLER` is not configured, cannot be loaded, or does not finish loading. The message is the extension's. */
export class HandlerUnavailableError extends Error {
  override readonly name = 'HandlerUnavailableError';
  readonly code = 'ASYNC_HTTP_HANDLER_UNAVAILABLE';
}

/** Lambda is ending the environment, so the extension takes no more jobs. The message is the extension's. */
export class ShuttingDownError extends Error {
  override readonly name = 'ShuttingDownError';
  readonly code = 'ASYNC_HTTP_SHUTTING_DOWN';
}

/** The job could not be kept, because the function's /tmp is full or cannot be written. The message is the extension's. */
export class JournalUnwritableError extends Error {
  override readonly name = 'JournalUnwritableError';
  readonly code = 'ASYNC_HTTP_JOURNAL_UNWRITABLE';
}

/** The queue or function that `ASYNC_HTTP_DELIVERY` names did not take the job. The message is the extension's. */
export class DeliveryFailedError extends Error {
  override readonly name = 'DeliveryFailedError';
  readonly code = 'ASYNC_HTTP_DELIVERY_FAILED';
}

/** Client and extension speak different versions of their contract, or something else answers on the socket. */
export class VersionMismatchError extends Error {
  override readonly name = 'VersionMismatchError';
  readonly code = 'ASYNC_HTTP_VERSION_MISMATCH';
  readonly clientVersion: string;
  /** `undefined` when the answer named none. */
  readonly extensionVersion: string | undefined;

  constructor(versions: { client: string; extension: string | undefined }) {
    super(describeVersionMismatch(versions));
    this.clientVersion = versions.client;
    this.extensionVersion = versions.extension;
  }
}

/** The extension answered, but neither with an acceptance nor with a refusal that this version of the client knows. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly code = 'ASYNC_HTTP_UNEXPECTED_ANSWER';
  /** HTTP status of the answer. */
  readonly status: number;
  /** Body of the answer, as text. */
  readonly body: string;

  constructor({ status, body }: { status: number; body: string }) {
    super(
      `The async-http extension answered ${status} with ${body === '' ? 'no body' : body.slice(0, 500)}, which this client does not understand, so the job counts as not accepted. ` +
        'Bring @async-http/client and the async-http layer to the same release; if they are, please report this.',
    );
    this.status = status;
    this.body = body;
  }
}
