import { isThenable } from '../is-thenable.ts';
import { currentRequestId, type InvokeStore, invokeStore } from './current-request.ts';
import type { Requests } from './requests.ts';

/** The key under which version 3 of the runtime client keeps what to do if the event loop runs empty. */
const BEFORE_EXIT = /* @__PURE__ */ Symbol.for('aws.lambda.beforeExit');
const REQUEST_ID = /* @__PURE__ */ Symbol.for('_AWS_LAMBDA_REQUEST_ID');

const globals = globalThis as Record<PropertyKey, unknown>;

/**
 * Learns when a handler begins and when its reply is out, without a wrapper around the handler.
 *
 * The runtime client offers no hook for that, and the Telemetry API would cost INIT time and a server.
 * But each version leaves a trace in a place that AWS made global on purpose: version 4 runs every request
 * inside `awslambda.InvokeStore.run()`, and version 3 sets and resets `Symbol.for('aws.lambda.beforeExit')`
 * around it. A runtime that does neither is noticed by its silence, and then `withWaitUntil` is needed.
 *
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client (Runtime, BeforeExitListener)
 */
export function watchRuntime(requests: Requests, onSeen: () => void): void {
  const seen = () => {
    if (requests.areWatched) return;
    requests.watched();
    onSeen();
  };
  watchVersion3(requests, seen);
  const watch = (store: InvokeStore) => {
    watchVersion4(store, requests);
    seen();
  };
  const store = invokeStore();
  if (store) watch(store);
  else onInvokeStore(watch);
}

function watchVersion4(store: InvokeStore, requests: Requests): void {
  const run = store.run;
  store.run = function (this: InvokeStore, context, fn) {
    const requestId = context?.[REQUEST_ID] as string | undefined;
    // The function may call run() itself; only the outermost call is the runtime's.
    if (requestId === undefined || requests.isRunning(requestId)) {
      return run.call(this, context, fn);
    }
    return run.call(this, context, () => {
      requests.begin({ requestId });
      const end = () => requests.end(requestId);
      let result: unknown;
      try {
        result = fn();
      } catch (error) {
        end();
        throw error;
      }
      if (isThenable(result)) return Promise.resolve(result).finally(end);
      end();
      return result;
    });
  };
}

/**
 * Version 3 sets its listener when a request begins and a do-nothing one when the handler has ended; then it
 * posts the reply in the same tick. A handler with a callback is different: its reply waits for an empty event loop.
 */
function watchVersion3(requests: Requests, seen: () => void): void {
  const current = globals[BEFORE_EXIT];
  const requestId = currentRequestId();
  // Imported within a request, what is there is its listener, and the one that does nothing comes next. Else no
  // request has begun yet, and what is there, or comes first, does nothing.
  let running = requestId !== undefined && current !== undefined ? { requestId } : undefined;
  let nothing = running ? undefined : current;
  if (running) requests.begin(running);
  if (current !== undefined) seen();

  const ended = () => {
    const ending = running;
    running = undefined;
    if (ending) requests.end(ending.requestId);
  };
  onGlobalSet(BEFORE_EXIT, (value) => {
    nothing ??= value;
    seen();
    if (value !== nothing) {
      if (running) return;
      running = { requestId: currentRequestId() ?? '' };
      requests.begin(running);
    } else if (running) {
      queueMicrotask(() => {
        if (globals[BEFORE_EXIT] === nothing) ended();
      });
    }
  });
  process.on('beforeExit', () => {
    // The runtime client posts the reply in an immediate that it queues from its own listener.
    if (running) setImmediate(() => setImmediate(ended)).unref();
  });
}

/** Calls back when the runtime client, which may start after us (`--import`), has created its store. */
function onInvokeStore(found: (store: InvokeStore) => void): void {
  const watchStore = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    Object.defineProperty(holder, 'InvokeStore', {
      configurable: true,
      enumerable: false, // Not copied when the runtime client spreads the object into a new one.
      get: () => undefined,
      set: (store: InvokeStore) => {
        const plain = { configurable: true, enumerable: true, writable: true };
        Object.defineProperty(holder, 'InvokeStore', { ...plain, value: store });
        Object.defineProperty(globals, 'awslambda', { ...plain, value: globals.awslambda });
        found(store);
      },
    });
  };
  watchStore(globals.awslambda);
  onGlobalSet('awslambda', watchStore);
}

/** Calls back whenever the global is set; it keeps its value. */
function onGlobalSet(name: PropertyKey, wasSet: (value: unknown) => void): void {
  let current = globals[name];
  Object.defineProperty(globals, name, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (value: unknown) => {
      current = value;
      wasSet(value);
    },
  });
}
