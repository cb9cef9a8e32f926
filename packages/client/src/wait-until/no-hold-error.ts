import * as report from '../report.ts';

/** What keeps `waitUntil` from holding the environment. */
export type NoHoldReason =
  /** Neither the layer nor the internal extension is there. */
  | 'not-set-up'
  /** Lambda refused the internal extension, or did not answer. */
  | 'not-registered'
  /** The hold of the request had ended already. */
  | 'too-late';

/**
 * `waitUntil` runs its promise, but the environment may be frozen in the middle of it. Logged at ERROR,
 * never thrown: the reply must not suffer.
 */
export class NoHoldError extends Error {
  override readonly name = 'NoHoldError';
  readonly code = 'ASYNC_HTTP_NO_HOLD';
  readonly reason: NoHoldReason;

  constructor(reason: NoHoldReason, detail = '') {
    super(describe(reason, detail));
    this.reason = reason;
  }
}

export function reportNoHold(reason: NoHoldReason, detail?: string): void {
  const { code, message } = new NoHoldError(reason, detail);
  report.error(`${code}: ${message}`);
}

const CONSEQUENCE =
  'promises given to waitUntil run, but Lambda may freeze the environment before they settle';

function describe(reason: NoHoldReason, detail: string): string {
  switch (reason) {
    case 'not-set-up':
      return (
        `Nothing holds this environment, so ${CONSEQUENCE}. ` +
        "Add the async-http layer to the function; or, without the layer, load '@async-http/client/register' in the first line of the handler's file, or with NODE_OPTIONS=--import @async-http/client/register."
      );
    case 'not-registered':
      return (
        `Lambda does not accept the function process as an internal extension (${detail}), so ${CONSEQUENCE}. ` +
        "Load '@async-http/client/register' while the function starts, not inside a handler."
      );
    case 'too-late':
      return (
        `waitUntil was called after the hold of its request had ended, so the promise may resume with the next request, or never (${detail}). ` +
        'Call it before the handler ends, or from work that is itself waited for.'
      );
    default:
      return reason satisfies never;
  }
}
