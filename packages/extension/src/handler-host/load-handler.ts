import { RuntimeError } from './errors.ts';
import { findHandler, type Handler } from './find-handler.ts';
import { parseHandlerName } from './handler-name.ts';
import { type LoadRules, loadModule } from './load-module.ts';

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/**
 * Loads a background handler exactly as Lambda's runtime loads a function's `handler`.
 *
 * @throws whatever the runtime reports for the same mistake; also for handlers that answer through a
 * stream or a callback, since nobody would read the stream or wait for the callback.
 */
export async function loadHandler(
  taskRoot: string,
  handler: string,
  rules: LoadRules,
): Promise<Handler> {
  const name = parseHandlerName(handler);
  const found = findHandler(await loadModule(taskRoot, name, rules), name, handler, rules);
  if ((found as { [STREAMING]?: unknown })[STREAMING]) {
    throw new RuntimeError(
      'Runtime.MalformedStreamingHandler',
      `${handler} streams a response, but a background handler has nobody to read it. Export a plain async (event, context) function.`,
    );
  }
  if (found.length >= 3) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      `${handler} declares ${found.length} parameters, so it expects a callback, which a background handler is not given. Export an async (event, context) function.`,
    );
  }
  return found;
}
