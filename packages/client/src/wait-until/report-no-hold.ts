import * as report from '../report.ts';

// Work of `waitUntil` runs, but the environment may be frozen in the middle of it. Logged at ERROR, never thrown: the
// reply must not suffer. A function for each reason, so that bundles carry those that they can need.

const CONSEQUENCE =
  'promises given to waitUntil run, but Lambda may freeze the environment before they settle';

/** Neither the layer nor the internal extension is there. */
export function reportNotSetUp(): void {
  say(
    `Nothing holds this environment, so ${CONSEQUENCE}. ` +
      "Add the async-http layer to the function; or, without the layer, load '@async-http/client/register' in the first line of the handler's file, or with NODE_OPTIONS=--import @async-http/client/register.",
  );
}

/** Lambda refused the internal extension, or did not answer. */
export function reportNotRegistered({ message }: Error): void {
  say(
    `Lambda does not accept the function process as an internal extension (${message}), so ${CONSEQUENCE}. ` +
      "Load '@async-http/client/register' while the function starts, not inside a handler.",
  );
}

/** The hold of the request had ended already. */
export function reportTooLate(detail: string): void {
  say(
    `waitUntil was called after the hold of its request had ended, so the promise may resume with the next request, or never (${detail}). ` +
      'Call it before the handler ends, or from work that is itself waited for.',
  );
}

function say(message: string): void {
  report.error(`ASYNC_HTTP_NO_HOLD: ${message}`);
}
