/** One thing that is wrong with an event or a context. */
export interface PayloadIssue {
  /** Where, from the event or context inwards; empty for the whole of it, or when the place is not known. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * The extension could not be reached, or did not answer.
 *
 * - `not-listening`: there is no extension; no job was started.
 * - `no-answer`: the time limit passed. Of a delivery or a run, the job may still have been accepted.
 */
export class ExtensionUnreachableError extends Error {
  override readonly name = 'ExtensionUnreachableError';
  readonly code = 'ASYNC_HTTP_EXTENSION_UNREACHABLE';
  readonly reason: 'not-listening' | 'no-answer';
  /** Where the extension should be. */
  readonly path: string;

  constructor({
    reason,
    path,
    limitMs,
    cause,
  }: {
    reason: ExtensionUnreachableError['reason'];
    path: string;
    limitMs: number;
    cause?: unknown;
  }) {
    super(
      reason === 'not-listening'
        ? `No async-http extension listens at ${path} (${(cause as NodeJS.ErrnoException).code}), so the job was not accepted. ` +
            'Add the async-http layer to the function.'
        : `The async-http extension at ${path} did not answer within ${limitMs} ms, so the job counts as not accepted, though it may still run. ` +
            "Look in the function's log for what keeps the extension busy; if the request had little time left, raise the function's timeout.",
      { cause },
    );
    this.reason = reason;
    this.path = path;
  }
}

/** The event or the context cannot be handed off. Nothing was sent. */
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
    // Without \p{…}: V8 would look its characters up while the function loads.
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${text}.${key}` : `${text}['${key}']`;
  }, subject);
}

/** The job is larger than a hand-off, or a destination behind it, can take. */
export class PayloadTooLargeError extends Error {
  override readonly name = 'PayloadTooLargeError';
  readonly code = 'ASYNC_HTTP_PAYLOAD_TOO_LARGE';
}

/** `ASYNC_HANDLER` or another variable is wrong, or the background handler cannot be loaded. */
export class HandlerUnavailableError extends Error {
  override readonly name = 'HandlerUnavailableError';
  readonly code = 'ASYNC_HTTP_HANDLER_UNAVAILABLE';
}

/** The function times out in a moment, or Lambda is ending the environment. */
export class ShuttingDownError extends Error {
  override readonly name = 'ShuttingDownError';
  readonly code = 'ASYNC_HTTP_SHUTTING_DOWN';
}

/** The request had ended before, so nothing holds the environment for the job. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
  readonly code = 'ASYNC_HTTP_TOO_LATE';
}

/** The job could not be kept, because the function's /tmp is full or cannot be written. */
export class JournalUnwritableError extends Error {
  override readonly name = 'JournalUnwritableError';
  readonly code = 'ASYNC_HTTP_JOURNAL_UNWRITABLE';

  constructor({ folder, cause }: { folder: string; cause: unknown }) {
    const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? String(cause);
    const isFull = reason === 'ENOSPC' || reason === 'EDQUOT';
    super(
      isFull
        ? `The function's /tmp is full (${reason} in ${folder}), so the job could not be kept and was not accepted. Delete files that the function leaves there, or give it more ephemeral storage.`
        : `${folder} cannot be written (${reason}), so the job could not be kept and was not accepted. Check what the function does to /tmp.`,
      { cause },
    );
  }
}

/** The job could not be delivered to the queue or function that `ASYNC_HTTP_DELIVERY` names. */
export class DeliveryFailedError extends Error {
  override readonly name = 'DeliveryFailedError';
  readonly code = 'ASYNC_HTTP_DELIVERY_FAILED';
}

/** A key or its `ttl` is wrong, so no job was started. */
export class KeyInvalidError extends Error {
  override readonly name = 'KeyInvalidError';
  readonly code = 'ASYNC_HTTP_KEY_INVALID';

  constructor(problem: string) {
    super(`${problem}. No job was started.`);
  }
}

/** The key stands for a job with another payload, so no job was started. */
export class KeyConflictError extends Error {
  override readonly name = 'KeyConflictError';
  readonly code = 'ASYNC_HTTP_KEY_CONFLICT';
  /** The job that the key stands for. */
  readonly jobId: string;

  constructor(
    claim: { readonly jobId: string; readonly payloadHash: string },
    payloadHash: string,
  ) {
    super(
      `This key stands for job ${claim.jobId}, whose payload differs (SHA-256 ${claim.payloadHash}, now ${payloadHash}), so no job was started. ` +
        'Use another key for other work. If the sender changes details when it repeats a delivery, give jobKey() a payload: what has to be the same, or null.',
    );
    this.jobId = claim.jobId;
  }
}

/** The DynamoDB table that `ASYNC_HTTP_STORE` names could not be used. */
export class StoreFailedError extends Error {
  override readonly name = 'StoreFailedError';
  readonly code = 'ASYNC_HTTP_STORE_FAILED';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
  }
}

/** Client and extension speak different versions of their contract. */
export class VersionMismatchError extends Error {
  override readonly name = 'VersionMismatchError';
  readonly code = 'ASYNC_HTTP_VERSION_MISMATCH';
}
