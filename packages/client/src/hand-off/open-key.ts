/** Made by `jobKey()`. Its methods are for `sendArgs`. */
export interface JobKey {
  /** SHA-256 of the key. */
  readonly hash: string;
  /**
   * @param folder of the state of this environment
   * @throws {KeyConflictError} when the key stands for a job with another payload
   */
  open(folder: string, event: unknown): OpenKey;
}

/** A key in this environment. */
export interface OpenKey {
  /** The job that it stands for already. */
  readonly jobId: string | undefined;
  /** From here on it stands for this job. */
  claim(jobId: string): void;
  /** It stands for nothing any more. */
  release(): void;
}

/**
 * @param key of the options of a hand-off
 * @throws {TypeError} for anything that `jobKey()` has not made
 */
export function openKey(
  key: JobKey | undefined,
  folder: string,
  event: unknown,
): OpenKey | undefined {
  if (key !== undefined && typeof Object(key).open !== 'function') {
    throw new TypeError('key must be made by jobKey("…")');
  }
  return key?.open(folder, event);
}
