import { ExtensionUnreachableError } from '../errors.ts';
import { BellError } from './bell.ts';

/**
 * Rings for a caller who has to know that it was heard.
 *
 * @throws {ExtensionUnreachableError}
 */
export function tell(ring: () => void): void {
  try {
    ring();
  } catch (error) {
    if (!(error instanceof BellError)) throw error;
    const { path, isBusy, limitMs, cause } = error;
    const reason = isBusy ? 'no-answer' : 'not-listening';
    throw new ExtensionUnreachableError({ reason, path, limitMs, cause });
  }
}
