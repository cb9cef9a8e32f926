import {
  callRuntimeApi,
  type HttpAnswer,
  type RuntimeApi,
  type RuntimeApiCall,
} from '@async-http/client/protocol';

/** The file name in `/opt/extensions`; Lambda identifies an extension by it. */
const EXTENSION_NAME = 'async-http';

export interface InvokeEvent {
  readonly eventType: 'INVOKE';
  readonly requestId: string;
  /** When the function times out: wall-clock ms since the epoch. */
  readonly deadlineMs: number;
}

export interface ShutdownEvent {
  readonly eventType: 'SHUTDOWN';
  /** When this process must have exited: wall-clock ms since the epoch. */
  readonly deadlineMs: number;
  /** `spindown`, `timeout` or `failure`, in either case. */
  readonly shutdownReason: string;
}

export type LifecycleEvent = InvokeEvent | ShutdownEvent;

/** A registered extension: only it can ask for events. */
export interface Extension {
  /** The function's handler, which Lambda does not put into an extension's environment. */
  readonly handler: string;
  /**
   * Waits for the next lifecycle event, and tells Lambda that we are done with the last one: it may
   * freeze the environment at once, so minutes or hours can pass in here.
   *
   * @throws {PlatformError}
   * @see Extensions API, "Next"
   */
  next(): Promise<LifecycleEvent>;
  /**
   * Asks for `platform.*` events at `uri`. Possible only before the first `next()`.
   *
   * @returns `'local'` where the answer says that this is a local test environment which delivers nothing.
   * @throws {PlatformError}
   * @see Telemetry API reference, "Subscribe"
   */
  subscribeTelemetry(uri: string): Promise<'subscribed' | 'local'>;
  /** Reports why the extension cannot go on; the process must exit afterwards. */
  reportExitError(error: unknown): Promise<void>;
}

/** Thrown when Lambda's Extensions or Telemetry API refuses a call or does not answer. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code = 'ASYNC_HTTP_PLATFORM_REFUSED';

  constructor(
    call: string,
    { status, body, cause }: { status?: number; body?: string; cause?: unknown },
  ) {
    super(
      `Lambda's ${call} ${status ? `answered ${status}: ${body}` : `did not answer: ${cause}`}`,
      {
        cause,
      },
    );
  }
}

/** @see Extensions API, "Register" */
export async function register(
  runtimeApi: RuntimeApi,
  events: readonly LifecycleEvent['eventType'][],
): Promise<Extension> {
  const registered = await call(runtimeApi, {
    method: 'POST',
    path: '/2020-01-01/extension/register',
    headers: { 'Lambda-Extension-Name': EXTENSION_NAME },
    body: { events },
  });
  const identifier = String(registered.headers.get('lambda-extension-identifier'));
  return registeredExtension(runtimeApi, {
    identifier,
    handler: JSON.parse(registered.body).handler,
  });
}

/** What an extension gets when it registers. */
export interface Registration {
  readonly identifier: string;
  /** The function's handler. */
  readonly handler: string;
}

/** An extension that has been registered, here or by the launcher. */
export function registeredExtension(
  runtimeApi: RuntimeApi,
  { identifier, handler }: Registration,
): Extension {
  const headers = { 'Lambda-Extension-Identifier': identifier };
  return {
    handler,
    async next() {
      const { body } = await call(runtimeApi, {
        method: 'GET',
        path: '/2020-01-01/extension/event/next',
        headers,
      });
      return JSON.parse(body);
    },
    async subscribeTelemetry(uri) {
      const { status } = await call(runtimeApi, {
        method: 'PUT',
        path: '/2022-07-01/telemetry',
        headers,
        body: {
          schemaVersion: '2022-12-13',
          // Function and extension lines would come in pieces of invalid JSON when they are long.
          types: ['platform'],
          // The smallest values: what we wait for holds the environment.
          buffering: { maxItems: 1_000, maxBytes: 262_144, timeoutMs: 25 },
          destination: { protocol: 'HTTP', URI: uri },
        },
      });
      return status === 202 ? 'local' : 'subscribed';
    },
    async reportExitError(error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      await call(runtimeApi, {
        method: 'POST',
        path: '/2020-01-01/extension/exit/error',
        headers: { ...headers, 'Lambda-Extension-Function-Error-Type': `Extension.${name}` },
        body: { errorType: name, errorMessage: message, stackTrace: [] },
      });
    },
  };
}

async function call(runtimeApi: RuntimeApi, what: RuntimeApiCall): Promise<HttpAnswer> {
  const name = `${what.method} ${what.path}`;
  const answer = await callRuntimeApi(runtimeApi, what).catch((cause: unknown) => {
    throw new PlatformError(name, { cause });
  });
  if (answer.status < 200 || answer.status >= 300) throw new PlatformError(name, answer);
  return answer;
}
