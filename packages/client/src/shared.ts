import { Bell } from './hand-off/bell.ts';
import { isWord } from './protocol/bell.ts';
import { Requests } from './requests/requests.ts';
import { watchRuntime } from './requests/watch-runtime.ts';
import { threadId } from './thread-id.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What all copies of this package in one thread share. Add to it; never change what is there. */
interface Shared {
  readonly bell: Bell;
  readonly requests: Requests;
  /** Whether this is where Lambda's runtime client runs the function. */
  readonly isRuntime: boolean;
  /** The `JobLog`, once something can hand off. */
  log?: unknown;
  /** The `Background`, once `waitUntil` or `register` has been imported. */
  background?: unknown;
}

// ESM, CJS, the layer and npm bring a copy each; the extension should see one client.
const KEY = /* @__PURE__ */ Symbol.for('@async-http/client.v2');

/** Process id of the runtime; child processes inherit it, and so know that they are not. */
const RUNTIME = '_ASYNC_HTTP_RUNTIME';

/** Our own handlers: they always report when they are done with a request. */
const LAYER_HANDLERS = ['/opt/proxy.handler', '/opt/proxy.consumer'];

/**
 * Created at the first import, which is while the function starts: then the runtime can be watched from its first
 * request on, and the extension knows that it need not watch it itself.
 */
export function shared(env: Environment): Shared {
  const globals = globalThis as { [KEY]?: Shared };
  globals[KEY] ??= create(env);
  return globals[KEY];
}

function create(env: Environment): Shared {
  const bell = new Bell(env);
  const isOnLambda = Boolean(env.AWS_LAMBDA_RUNTIME_API);
  // An extension has no handler; the extension's own handler process says that it is one.
  const runsHandlers =
    isOnLambda && env._HANDLER !== undefined && env._ASYNC_HTTP_HANDLER_PROCESS === undefined;
  const { [RUNTIME]: runtime = `${process.pid}` } = env;
  const isRuntime =
    runsHandlers && threadId() === 0 && runtime === `${process.pid}` && !isOfWrapper(env);
  if (isRuntime) (env as NodeJS.ProcessEnv)[RUNTIME] = runtime;
  const requests = new Requests((requestId) => {
    if (runsHandlers && isWord(requestId))
      ringUnlessAlone(() => bell.ring({ type: 'end', requestId }));
  });
  if (isRuntime) {
    const announce = () => ringUnlessAlone(() => bell.announce(true));
    watchRuntime(requests, announce);
    if (LAYER_HANDLERS.includes(env._HANDLER ?? '') && !requests.areWatched) announce();
  }
  return { bell, requests, isRuntime };
}

/**
 * A wrapper script may be written in Node.js, or start such programs before the runtime, and `NODE_OPTIONS` reaches them.
 * The one of Lambda Web Adapter starts a web application instead of the runtime.
 */
function isOfWrapper({
  AWS_LAMBDA_EXEC_WRAPPER: wrapper,
  LAMBDA_RUNTIME_DIR: folder,
}: Environment) {
  if (!wrapper || !folder || wrapper === '/opt/bootstrap') return false;
  return !process.argv[1]?.startsWith(`${folder}/`);
}

/** Without the layer there is nobody to notify; whoever needs it finds that out. */
function ringUnlessAlone(ring: () => void): void {
  try {
    ring();
  } catch {
    // With the layer, the extension has ended, and Lambda ends this process too.
  }
}
