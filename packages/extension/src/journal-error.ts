/** A job could not be written to the journal, so it must not be accepted. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: 'ASYNC_HTTP_JOURNAL_FULL' | 'ASYNC_HTTP_JOURNAL_UNWRITABLE';

  constructor({ folder, cause }: { folder: string; cause: unknown }) {
    const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? String(cause);
    const isFull = reason === 'ENOSPC' || reason === 'EDQUOT';
    super(
      isFull
        ? `The function's /tmp is full (${reason} in ${folder}), so the job could not be kept and was not accepted. Delete files that the function leaves there, or give it more ephemeral storage.`
        : `${folder} cannot be written (${reason}), so the job could not be kept and was not accepted. Check what the function does to /tmp.`,
      { cause },
    );
    this.code = isFull ? 'ASYNC_HTTP_JOURNAL_FULL' : 'ASYNC_HTTP_JOURNAL_UNWRITABLE';
  }
}
