import { currentRequestId, type InvokeStore, invokeStore } from './current-request.ts';

/** Told of every request that AWS's runtime client works on. */
export interface RuntimeListener {
  /** The handler is about to run. */
  started(requestId: string | undefined): void;
  /**
   * The reply has been posted. Where the runtime client can wait (version 4), it asks for its next
   * invocation only when this has settled.
   */
  replied(requestId: string | undefined): Promise<void>;
}

/** The key under which version 3 of the runtime client keeps what to do if the event loop runs empty. */
const BEFORE_EXIT = Symbol.for('aws.lambda.beforeExit');
const REQUEST_ID = Symbol.for('_AWS_LAMBDA_REQUEST_ID');

type Globals = Record<PropertyKey, unknown>;

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
export function watchRuntime(listener: RuntimeListener): void {
  watchVersion3(listener);
  const store = invokeStore();
  if (store) watchVersion4(store, listener);
  else onInvokeStore((created) => watchVersion4(created, listener));
}

function watchVersion4(store: InvokeStore, { started, replied }: RuntimeListener): void {
  const run = store.run;
  const running = new Set<unknown>();
  store.run = function (this: InvokeStore, context, fn) {
    const requestId = context?.[REQUEST_ID] as string | undefined;
    // The function may call run() itself; only the outermost call is the runtime's.
    if (requestId === undefined || running.has(requestId)) return run.call(this, context, fn);
    return run.call(this, context, () => {
      running.add(requestId);
      started(requestId);
      let result: unknown;
      try {
        result = fn();
      } catch (error) {
        running.delete(requestId);
        throw error;
      }
      if (!isThenable(result)) {
        running.delete(requestId);
        return result;
      }
      return Promise.resolve(result).finally(() => {
        running.delete(requestId);
        return replied(requestId);
      });
    });
  };
}

/**
 * Version 3 sets its listener when a request begins and a do-nothing one when the handler has ended; then it
 * posts the reply in the same tick. A handler with a callback is different: its reply waits for an empty event loop.
 */
function watchVersion3({ started, replied }: RuntimeListener): void {
  const globals = globalThis as Globals;
  let current = globals[BEFORE_EXIT];
  // No request has begun yet, so what is there, or comes first, is the one that does nothing.
  let nothing = current;
  let isRunning = false;

  const ended = () => {
    if (!isRunning) return;
    isRunning = false;
    void replied(currentRequestId());
  };
  Object.defineProperty(globals, BEFORE_EXIT, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (value: unknown) => {
      current = value;
      nothing ??= value;
      if (value !== nothing) {
        if (!isRunning) started(currentRequestId());
        isRunning = true;
      } else if (isRunning) {
        queueMicrotask(() => {
          if (current === nothing) ended();
        });
      }
    },
  });
  process.on('beforeExit', () => {
    // The runtime client posts the reply in an immediate that it queues from its own listener.
    if (isRunning) setImmediate(() => setImmediate(ended)).unref();
  });
}

/** Calls back when the runtime client, which may start after us (`--import`), has created its store. */
function onInvokeStore(found: (store: InvokeStore) => void): void {
  const globals = globalThis as Globals;
  let current = globals.awslambda;
  const watchStore = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    Object.defineProperty(holder, 'InvokeStore', {
      configurable: true,
      enumerable: false, // Not copied when the runtime client spreads the object into a new one.
      get: () => undefined,
      set: (store: InvokeStore) => {
        const plain = { configurable: true, enumerable: true, writable: true };
        Object.defineProperty(holder, 'InvokeStore', { ...plain, value: store });
        Object.defineProperty(globals, 'awslambda', { ...plain, value: current });
        found(store);
      },
    });
  };
  watchStore(current);
  Object.defineProperty(globals, 'awslambda', {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (value: unknown) => {
      current = value;
      watchStore(value);
    },
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
