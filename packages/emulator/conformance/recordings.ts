/**
 * What AWS answered in recordings, and what its own emulator answers, one row for each.
 *
 * Rules are named by their id. What needs more than one exchange is held by a test: `file: title`.
 */
export interface Recording {
  /** What the row is about. */
  readonly topic: string;
  readonly rules?: readonly string[];
  readonly tests?: readonly string[];
  /** Why nothing of ours answers it. */
  readonly notHeld?: string;
}

const EMULATOR = 'packages/emulator/test';
const CONFORMANCE = `${EMULATOR}/conformance`;
const EXTENSION = 'packages/extension/test';

export const RECORDED_FROM_AWS: readonly Recording[] = [
  {
    topic: 'a string that the handler returns',
    rules: [
      'http-api/string',
      'http-api/string-with-quotes',
      'http-api/empty-string',
      'function-url/string',
    ],
  },
  {
    topic: 'other payloads without statusCode',
    rules: [
      ...['number', 'boolean', 'list', 'object'].map((kind) => `http-api/${kind}`),
      ...['dict', 'list', 'integer', 'float', 'boolean'].map((kind) => `function-url/${kind}`),
    ],
  },
  {
    topic: 'a response without content type',
    rules: ['http-api/default-content-type', 'function-url/http-response'],
  },
  {
    topic: 'a malformed proxy response of an HTTP API',
    rules: ['http-api/status-0', 'http-api/status-float'],
    tests: [`${EMULATOR}/http/http-api/response-2.test.ts: is the body even when it is no JSON`],
  },
  {
    topic: 'a function error',
    rules: ['http-api/function-error', 'rest-api/function-error', 'function-url/function-error'],
  },
  { topic: 'an unknown host of a function URL', rules: ['function-url/unknown-host'] },
  {
    topic: 'an event over 6 MB',
    rules: ['http-api/event-too-large', 'rest-api/event-too-large'],
  },
  {
    topic: 'the limits of event and response',
    rules: [
      'invoke-api/event-at-limit',
      'invoke-api/event-too-large',
      'runtime-api/response-at-limit',
      'runtime-api/response-over-limit',
    ],
  },
  {
    topic: 'a greedy variable at the root',
    rules: [
      'http-api/greedy-root',
      'http-api/greedy-below',
      'http-api/greedy-below-with-slash',
      'rest-api/greedy-root',
    ],
  },
  { topic: 'a slash at the end of an exact route', rules: ['http-api/slash-at-end'] },
  {
    topic: 'a timeout, as the caller sees it',
    rules: ['invoke-api/timeout'],
    tests: [
      `${CONFORMANCE}/failures.test.ts: a handler that does not end in time: timeout, SHUTDOWN, reset`,
    ],
  },
  {
    topic: 'the exit of the runtime',
    rules: ['invoke-api/exit'],
    tests: [`${CONFORMANCE}/node-runtime.test.ts: a wrapper that %s ends the runtime`],
  },
  {
    topic: 'a response that is too large',
    rules: ['invoke-api/response-too-large', 'runtime-api/response-over-limit-caller'],
  },
  {
    topic: '/tmp after a timeout',
    tests: [`${CONFORMANCE}/lifecycle.test.ts: keeps /tmp after %s`],
  },
  {
    topic: 'a throttled invoke',
    tests: [`${CONFORMANCE}/invoke-api.test.ts: test_lambda_concurrency_block`],
  },
  {
    topic: 'a throttled invoke behind a REST API',
    tests: [`${EMULATOR}/http/rest-api/rest-api.test.ts: answers 500 when Lambda throttles`],
  },
  { topic: 'NODE_PATH of nodejs24.x', rules: ['node-js-runtime/node-path'] },
  {
    topic: 'the other variables of the runtime',
    rules: [
      'node-js-runtime/api-address',
      'node-js-runtime/x-ray',
      'node-js-runtime/shell-variables',
    ],
    tests: [`${CONFORMANCE}/node-runtime.test.ts: are those of the managed runtime`],
  },
  {
    topic: 'the record at an EventBridge destination',
    tests: [
      `${EXTENSION}/destinations/open-destination.test.ts: an EventBridge bus as the detail of an event`,
    ],
  },
  {
    topic: 'EventAgeExceeded after an attempt',
    tests: [
      'packages/e2e/test/retries.test.ts: is too old for another attempt',
      `${EXTENSION}/jobs/retry-policy.test.ts: condition: 'EventAgeExceeded'`,
    ],
  },
  {
    topic: 'the attributes at a dead-letter queue',
    notHeld: 'neither the emulator nor the layer sends to a dead-letter queue of a function',
  },
  {
    topic: 'the log level of JSON logs',
    tests: [`${CONFORMANCE}/node-runtime.test.ts: JSON logs start at INFO`],
  },
  {
    topic: 'shutdownReason in lower case',
    tests: [
      `${CONFORMANCE}/extensions-api-next.test.ts: delivers SHUTDOWN with its deadline and reason`,
    ],
  },
  {
    topic: 'the time left at SHUTDOWN',
    tests: [
      `${EXTENSION}/jobs/time-limits.test.ts: stops at once at shutdown, and leaves most of the window`,
    ],
  },
  { topic: 'multipart/form-data at a function URL', rules: ['function-url/multipart-form'] },
  {
    topic: 'where telemetry is received',
    rules: ['telemetry-api/host-sandbox', 'telemetry-api/host-outside'],
    tests: [
      `${EMULATOR}/sandbox/isolation.test.ts: sandbox.localdomain is an address of this environment alone`,
    ],
  },
  { topic: 'SnapStart for Node.js', notHeld: 'AWS does not offer it' },
  { topic: 'nodejs26.x', notHeld: 'it is there or not; nothing is answered' },
  {
    topic: 'shell programs of the runtimes',
    notHeld: 'the programs are those of this machine; scripts/record-aws asks AWS',
  },
  {
    topic: 'mkfifo in /tmp, /dev/tcp of bash',
    tests: [
      `${EXTENSION}/launcher/takes-over.test.ts: where no FIFO can be made`,
      `${EXTENSION}/launcher/takes-over.test.ts: where bash has no /dev/tcp`,
    ],
  },
];

export const ANSWERED_BY_RIE: readonly Recording[] = [
  {
    topic: 'register with an empty body, a number, a string, a list',
    rules: ['empty-body', 'number', 'string', 'list'].map(
      (kind) => `extensions-api/register-${kind}`,
    ),
  },
  {
    topic: 'register with events of null, with keys in another case',
    rules: ['extensions-api/register-null-events', 'extensions-api/register-key-in-other-case'],
  },
  {
    topic: 'Lambda-Extension-Event-Identifier',
    tests: [
      `${CONFORMANCE}/extensions-api-next.test.ts: has another event identifier for each event`,
    ],
  },
  {
    topic: 'Lambda-Runtime-Function-Response-Mode',
    rules: [
      'runtime-api/response-mode-empty',
      'runtime-api/response-mode-unknown',
      'runtime-api/response-after-unknown-mode',
      'runtime-api/wrong-id-before-mode',
    ],
  },
  { topic: 'a second /init/error', rules: ['runtime-api/init-error-twice'] },
  {
    topic: 'the text of a response that is too large',
    rules: ['runtime-api/response-over-limit-rie'],
  },
  {
    topic: 'init/error and exit/error of an extension',
    rules: ['init-error', 'exit-error'].flatMap((call) =>
      ['header-before-identifier', 'unknown-identifier', 'identifier-no-uuid'].map(
        (what) => `extensions-api/${call}-${what}`,
      ),
    ),
  },
  {
    topic: 'names of states',
    rules: ['runtime-api/response-twice', 'extensions-api/exit-error-after-init-error'],
  },
  {
    topic: 'wrong methods',
    rules: [
      'extensions-api/register-method',
      'extensions-api/next-method',
      'runtime-api/next-method',
      'runtime-api/response-method',
      'telemetry-api/method',
    ],
  },
  { topic: 'an error with its cause', rules: ['runtime-api/error-with-cause'] },
  {
    topic: 'Managed Instances',
    rules: [
      'telemetry-api/tcp-port-0',
      'telemetry-api/tcp-port-65536',
      'telemetry-api/buffering-null',
      'telemetry-api/buffering-list',
    ],
    tests: [
      `${CONFORMANCE}/managed-instances.test.ts: the timeout ends only the invoke`,
      `${CONFORMANCE}/managed-instances.test.ts: No events allowed for internal extensions`,
    ],
  },
  {
    topic: 'AWS_SESSION_TOKEN in an extension',
    tests: [`${CONFORMANCE}/extensions-starting.test.ts: AWS_SESSION_TOKEN`],
  },
  {
    topic: 'a next of an extension that was dropped',
    tests: [
      `${CONFORMANCE}/extensions-api-next.test.ts: refuses the call after one whose connection was dropped`,
    ],
  },
  {
    topic: 'a deadline that is too far ahead',
    tests: [
      `${EXTENSION}/jobs/time-limits.test.ts: where the end is further away than a timer can be`,
      `${EXTENSION}/handler-process/results.test.ts: further away than a timer can be`,
      'packages/client/test/wait-until/background.test.ts: may be farther away than a timer of Node.js',
    ],
  },
];
