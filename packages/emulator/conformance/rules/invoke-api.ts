import { type Call, type Entry, rulesOf } from '../rule.ts';
import { lambdaReference, recorded } from '../sources.ts';

const MAX_EVENT_BYTES = 6_291_456;
const MAX_RESPONSE_BYTES = 6_291_556;
/** The beginning of an event. */
const AT_LIMIT = '{"outcome":"nothing","text":"';
const REFERENCE = lambdaReference('Invoke');

const invoke = (body: unknown, name = 'conformance', headers = {}): Call => ({
  to: `POST /2015-03-31/functions/${name}/invocations`,
  headers,
  body,
});

const ofType = (type: string, body: unknown = {}) =>
  invoke(body, 'conformance', { 'x-amz-invocation-type': type });

const fails = (errorType: string, errorMessage: string | RegExp) => ({
  status: 200,
  headers: { 'x-amz-function-error': 'Unhandled' },
  jsonHas: { errorType, errorMessage },
});

const refuses = (status: number, errorType: string, jsonHas: object = {}) => ({
  status,
  headers: { 'x-amzn-errortype': errorType },
  jsonHas,
});

const TIMEOUT = recorded('test_lambda_invoke_with_timeout', '2025-11-25');

const INVOKE_API = rulesOf('Invoke API', 'function', {
  'executed-version': {
    send: invoke({ outcome: 'nothing' }),
    expect: {
      status: 200,
      headers: { 'x-amz-executed-version': '$LATEST', 'x-amz-function-error': undefined },
    },
    source: REFERENCE,
  },
  'function-error': {
    send: invoke({ outcome: 'throw' }),
    expect: fails('TypeError', 'thrown by the handler'),
    source: REFERENCE,
  },
  timeout: {
    send: invoke({ outcome: 'hang' }, 'conformance-timeout'),
    expect: {
      ...fails(
        'Sandbox.Timedout',
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/,
      ),
    },
    source: TIMEOUT,
  },
  exit: {
    send: invoke({ outcome: 'exit' }),
    expect: fails(
      'Runtime.ExitError',
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/,
    ),
    source: recorded('TestLambdaErrors', '2025-11-24'),
  },
  'response-too-large': {
    send: invoke({ outcome: 'big', bytes: MAX_RESPONSE_BYTES + 1 }),
    expect: fails(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
    ),
    source: recorded('test_lambda_too_large_response', '2025-11-24'),
  },
  'event-at-limit': {
    send: invoke(`${AT_LIMIT}${'x'.repeat(MAX_EVENT_BYTES - AT_LIMIT.length - 2)}"}`),
    expect: { status: 200 },
    source: "AWS's error text",
  },
  'event-too-large': {
    send: invoke(JSON.stringify('x'.repeat(MAX_EVENT_BYTES - 1))),
    expect: refuses(413, 'RequestTooLargeException', {
      message: `Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunction operation`,
    }),
    source: "AWS's error text",
  },
  'dry-run': { send: ofType('DryRun'), expect: { status: 204, text: '' }, source: REFERENCE },
  event: {
    send: ofType('Event', { outcome: 'nothing' }),
    expect: { status: 202, text: '' },
    source: REFERENCE,
  },
  'unknown-function': {
    send: invoke({}, 'nobody-has-this-name'),
    expect: refuses(404, 'ResourceNotFoundException'),
    source: REFERENCE,
  },
  'broken-json': {
    send: invoke('{'),
    expect: refuses(400, 'InvalidRequestContentException'),
    source: REFERENCE,
  },
});

const variables = (jsonHas: object): Entry => ({
  send: invoke({ outcome: 'environment' }),
  expect: { status: 200, jsonHas },
  source: recorded('test_introspection_invoke[nodejs24.x]', '2026-01-12'),
});

const NODE_RUNTIME = rulesOf('Node.js runtime', 'function', {
  'node-path': {
    ...variables({
      NODE_PATH:
        '/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:' +
        '/var/runtime/node_modules:/var/runtime:/var/task',
    }),
    needsNamespaces: true,
  },
  'x-ray': variables({
    AWS_XRAY_DAEMON_ADDRESS: '169.254.100.1:2000',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  }),
  'shell-variables': {
    ...variables({
      PATH: /^\/var\/lang\/bin:.*:\/opt\/bin$/,
      LANG: 'en_US.UTF-8',
      PWD: '/var/task',
      SHLVL: '0',
    }),
    needsNamespaces: true,
  },
  'api-address': {
    ...variables({ AWS_LAMBDA_RUNTIME_API: '169.254.100.1:9001' }),
    status: 'differs on purpose',
    why: 'every environment of this machine needs its own port',
  },
});

export const INVOCATIONS = [...INVOKE_API, ...NODE_RUNTIME];
