import { type Call, type Expectation, rulesOf } from '../rule.ts';
import { lambdaGuide, NONE, RIE, recorded } from '../sources.ts';

const PREFIX = '/2018-06-01/runtime';
const GUIDE = lambdaGuide('Using the Lambda runtime API for custom runtimes');
const LIMIT = 6_291_556;

const answer = (
  kind: 'response' | 'error',
  body: unknown,
  headers = {},
  id = '{request}',
): Call => ({
  to: `POST ${PREFIX}/invocation/${id}/${kind}`,
  headers,
  body,
});

const response = (mode: string, id?: string) =>
  answer('response', 1, { 'lambda-runtime-function-response-mode': mode }, id);

const initError: Call = { to: `POST ${PREFIX}/init/error`, body: {} };

const refusedMove = (from: string, to: string): Expectation => ({
  status: 403,
  json: {
    errorType: 'InvalidStateTransition',
    errorMessage:
      `State transition from ${from} to ${to} failed for runtime. ` +
      'Error: State transition is not allowed',
  },
});

const WRONG_ID: Expectation = {
  status: 400,
  json: { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' },
};
const OK = { status: 202, text: '{"status":"OK"}' };
const ERROR = { errorMessage: 'broken', errorType: 'Error', stackTrace: ['line'] };
const wrongMethod = (to: string) => ({ send: { to }, expect: { status: 405 }, source: RIE });
const failed = { 'x-amz-function-error': 'Unhandled' };

const start = rulesOf('Runtime API', 'INIT', {
  'next-method': wrongMethod(`POST ${PREFIX}/invocation/next`),
  'init-error-method': wrongMethod(`GET ${PREFIX}/init/error`),
  'response-method': wrongMethod(`GET ${PREFIX}/invocation/x/response`),
  'error-method': wrongMethod(`PUT ${PREFIX}/invocation/x/error`),
  'unknown-path': {
    send: { to: `GET ${PREFIX}/restore/next` },
    expect: { status: 404 },
    source: NONE,
    status: 'unverified',
    why: 'AWS has this call for SnapStart, which Node.js does not have',
  },
});

const init = rulesOf('Runtime API', 'registered', {
  'init-error': { send: initError, expect: OK, source: GUIDE, endsEnvironment: true },
  'init-error-twice': {
    before: [initError],
    send: initError,
    expect: refusedMove('InitError', 'InitError'),
    source: RIE,
    endsEnvironment: true,
  },
  'next-after-init-error': {
    before: [initError],
    send: { to: `GET ${PREFIX}/invocation/next` },
    expect: refusedMove('InitError', 'Ready'),
    source: RIE,
    endsEnvironment: true,
  },
});

const running = rulesOf('Runtime API', 'running', {
  'next-again': {
    send: { to: `GET ${PREFIX}/invocation/next` },
    expect: {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': '{request}',
        'lambda-runtime-deadline-ms': /^\d{13}$/,
        'lambda-runtime-invoked-function-arn': /^arn:aws:lambda:[^:]+:\d{12}:function:/,
        'lambda-runtime-trace-id': /^Root=1-[0-9a-f]+-[0-9a-f]+/,
        'lambda-runtime-client-context': undefined,
        'lambda-runtime-cognito-identity': undefined,
      },
      json: { from: 'conformance' },
    },
    source: GUIDE,
  },
  'init-error-after-next': {
    send: initError,
    expect: refusedMove('Running', 'InitError'),
    source: RIE,
  },
  response: {
    send: answer('response', '{"any": "bytes" }'),
    expect: OK,
    caller: {
      status: 200,
      headers: { 'content-type': 'application/json', 'x-amz-function-error': undefined },
      text: '{"any": "bytes" }',
    },
    source: GUIDE,
  },
  error: {
    send: answer('error', { ...ERROR, more: 1 }),
    expect: { status: 202 },
    caller: { status: 200, headers: failed, json: { ...ERROR, more: 1 } },
    source: GUIDE,
  },
  'error-with-cause': {
    send: answer(
      'error',
      { ...ERROR, errorCause: { message: 'because' }, more: 1 },
      { 'content-type': 'application/vnd.aws.lambda.error.cause+json' },
    ),
    expect: { status: 202 },
    caller: { status: 200, headers: failed, json: ERROR },
    source: RIE,
  },
  'response-wrong-id': { send: answer('response', 1, {}, 'other'), expect: WRONG_ID, source: RIE },
  'error-wrong-id': { send: answer('error', 1, {}, 'other'), expect: WRONG_ID, source: RIE },
  'wrong-id-before-state': {
    before: [answer('response', 1)],
    send: answer('response', 1, {}, 'other'),
    expect: WRONG_ID,
    source: RIE,
  },
  'wrong-id-before-mode': { send: response('dripping', 'other'), expect: WRONG_ID, source: RIE },
  'response-twice': {
    before: [answer('response', 1)],
    send: answer('response', 2),
    expect: refusedMove('RuntimeResponseSentState', 'InvocationResponse'),
    source: RIE,
  },
  'response-mode-empty': { send: response(''), expect: OK, source: RIE },
  'response-mode-unknown': {
    send: response('dripping'),
    expect: {
      status: 400,
      json: {
        errorType: 'InvalidFunctionResponseMode',
        errorMessage: 'Invalid function response mode',
      },
    },
    caller: { status: 200, headers: failed },
    source: RIE,
    endsEnvironment: true,
  },
  'response-after-unknown-mode': {
    before: [response('dripping')],
    send: answer('response', 1),
    expect: refusedMove('InvocationResponse', 'InvocationResponse'),
    source: RIE,
    endsEnvironment: true,
  },
  'response-at-limit': {
    send: answer('response', 'x'.repeat(LIMIT)),
    expect: OK,
    source: recorded('test_lambda_too_large_response', '2025-11-24'),
  },
  'response-over-limit': {
    send: answer('response', 'x'.repeat(LIMIT + 1)),
    expect: {
      status: 413,
      json: {
        errorType: 'RequestEntityTooLarge',
        errorMessage: `Exceeded maximum allowed payload size (${LIMIT} bytes).`,
      },
    },
    source: RIE,
  },
  'response-over-limit-caller': {
    send: answer('response', 'x'.repeat(LIMIT + 1)),
    expect: { status: 413 },
    caller: {
      status: 200,
      headers: failed,
      json: {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${LIMIT} bytes).`,
      },
    },
    source: recorded('test_lambda_too_large_response', '2025-11-24'),
  },
  'response-over-limit-rie': {
    send: answer('response', 'x'.repeat(LIMIT + 1)),
    expect: { status: 413 },
    caller: {
      status: 200,
      jsonHas: {
        errorMessage: `Response payload size (${LIMIT + 1} bytes) exceeded maximum allowed payload size (${LIMIT} bytes).`,
      },
    },
    source: RIE,
    status: 'differs on purpose',
    why: 'a recording of AWS has another text: runtime-api/response-over-limit-caller',
  },
});

export const RUNTIME_API = [...start, ...init, ...running];
