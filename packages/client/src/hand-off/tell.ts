import { ExtensionUnreachableError } from '../errors.ts';
import type { BellError } from './bell.ts';

/**
 * Rings for a caller who has to know that it was heard.
 *
 * @throws {ExtensionUnreachableError}
 */
export function tell(ring: () => void): void {
  try {
    ring();
  } catch (error) {
    // Not known by its class: the bell can be that of another copy of this package.
    const { path, isBusy, limitMs, cause } = error as BellError;
    if (isBusy === undefined) throw error;
    const reason = isBusy ? 'no-answer' : 'not-listening';
    throw new ExtensionUnreachableError({ reason, path, limitMs, cause });
  }
}
