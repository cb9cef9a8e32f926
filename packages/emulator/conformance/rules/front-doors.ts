import { type Call, type Entry, type Expectation, rulesOf } from '../rule.ts';
import { dotnet, gatewayGuide, NONE, recorded, recordedByDotnet } from '../sources.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT_TYPE = { 'content-type': 'text/plain; charset=utf-8' };
/** Its event is larger than Lambda takes, and it is smaller than API Gateway's own limit. */
const LARGE_BODY = 'x'.repeat(6_291_456);

/** The function returns what it is sent. */
const returns = (value: unknown): Call => ({
  to: 'POST /return',
  headers: JSON_TYPE,
  body: JSON.stringify(value),
});

const large: Call = {
  to: 'POST /large',
  headers: { 'content-type': 'text/plain' },
  body: LARGE_BODY,
};

/** A value without statusCode is the body. */
const isBody = (value: unknown, text: string, source: string): Entry => ({
  send: returns(value),
  expect: { status: 200, headers: JSON_TYPE, text },
  source,
});

const greedy = (path: string, proxy: string): Entry => ({
  send: { to: `GET ${path}` },
  expect: { status: 200, jsonHas: { pathParameters: { proxy } } },
  source: dotnet('RouteTemplateUtilityTests'),
});

const HTTP_FAILED: Expectation = { status: 500, text: '{"message":"Internal Server Error"}' };
const payload = (value: unknown, text: string) =>
  isBody(value, text, recordedByDotnet('ToApiGatewayHttpApiV2ProxyResponse_VariousPayloads'));

const HTTP_API = rulesOf('HTTP API', 'function', {
  string: payload('Hello, World!', 'Hello, World!'),
  'string-with-quotes': payload('Special "quoted" text', 'Special "quoted" text'),
  'empty-string': payload('', ''),
  number: payload(42, '42'),
  boolean: payload(true, 'true'),
  list: payload([1, 2, 3, 4, 5], '[1,2,3,4,5]'),
  object: payload({ name: 'John Doe', age: 30 }, '{"name":"John Doe","age":30}'),
  'default-content-type': {
    send: returns({ statusCode: 200, body: 'Hello, World!' }),
    expect: { status: 200, headers: TEXT_TYPE, text: 'Hello, World!' },
    source: recordedByDotnet('V2_DefaultsToTextPlainContentType'),
  },
  'status-0': {
    send: returns({ statusCode: 0 }),
    expect: HTTP_FAILED,
    source: recordedByDotnet('V2_HandlesZeroStatusCode'),
  },
  'status-float': {
    send: returns({ statusCode: 200.5 }),
    expect: HTTP_FAILED,
    source: recordedByDotnet('StatusCodeAsFloat_ReturnsInternalServerError'),
  },
  'function-error': {
    send: { to: 'GET /throw' },
    expect: HTTP_FAILED,
    source: dotnet('InvokeResponseExtensionsTests'),
  },
  'greedy-root': greedy('/', ''),
  'greedy-below': greedy('/api', ''),
  'greedy-below-with-slash': greedy('/api/', ''),
  'greedy-rest': greedy('/api/a/b', 'a/b'),
  'slash-at-end': {
    send: { to: 'GET /exact/' },
    expect: { status: 200, jsonHas: { routeKey: 'GET /{proxy+}' } },
    source: NONE,
    status: 'unverified',
    why: 'sources differ: storacha/w3infra#166, powertools-lambda-python#1552',
  },
  'no-route': {
    send: { to: 'DELETE /nothing' },
    expect: { status: 404, headers: JSON_TYPE, text: '{"message":"Not Found"}' },
    source: gatewayGuide('Create routes for HTTP APIs in API Gateway'),
  },
  'event-too-large': {
    send: large,
    expect: { status: 413, text: '{"message":"Request Entity Too Large"}' },
    source: dotnet('LargePayloadTests'),
  },
  'headers-too-large': {
    send: { to: 'GET /headers', headers: { 'x-long': 'x'.repeat(10_240) } },
    expect: { status: 431, text: '{"message":"Request Header Fields Too Large"}' },
    source: NONE,
    status: 'unverified',
    why: 'the guide has the limit, nobody the body of the answer',
  },
});

const REST_FAILED: Expectation = {
  status: 502,
  headers: { ...JSON_TYPE, 'x-amzn-errortype': 'InternalServerErrorException' },
  text: '{"message": "Internal server error"}',
};
const FORMATS = recorded('test_aws_proxy_response_payload_format_validation', '2024-11-15');
const malformed = (value: unknown): Entry => ({
  send: returns(value),
  expect: REST_FAILED,
  source: FORMATS,
});

const REST_API = rulesOf('REST API', 'function', {
  'status-only': {
    send: returns({ statusCode: 200 }),
    expect: { status: 200, headers: JSON_TYPE, text: '' },
    source: FORMATS,
  },
  'headers-only': {
    send: returns({ headers: { 'test-header': 'value' } }),
    expect: { status: 200, headers: { 'test-header': 'value', ...JSON_TYPE } },
    source: FORMATS,
  },
  'header-boolean': {
    send: returns({ statusCode: 200, headers: { 'header-bool': true } }),
    expect: { status: 200, headers: { 'header-bool': 'true' } },
    source: FORMATS,
  },
  'headers-null': {
    send: returns({ statusCode: 200, headers: null }),
    expect: { status: 200, headers: JSON_TYPE },
    source: FORMATS,
  },
  'multi-value-headers': {
    send: returns({
      statusCode: 200,
      headers: { 'test-multi': 'value-solo' },
      multiValueHeaders: { 'tesT-Multi': ['value-multi'] },
    }),
    expect: { status: 200, headers: { 'test-multi': ['value-multi', 'value-solo'] } },
    source: FORMATS,
  },
  'status-of-digits': {
    send: returns({ statusCode: '201' }),
    expect: { status: 201 },
    source: FORMATS,
  },
  'unknown-field': malformed({ statusCode: 200, wrongValue: 'value' }),
  'no-field': malformed({}),
  'multi-value-header-no-list': malformed({ multiValueHeaders: { a: 'value1' } }),
  'status-no-number': malformed({ statusCode: 'test' }),
  string: malformed('justAString'),
  'status-0': {
    send: returns({ statusCode: 0 }),
    expect: REST_FAILED,
    source: recordedByDotnet('V1_HandlesZeroStatusCodeRest'),
  },
  'function-error': {
    send: { to: 'GET /throw' },
    expect: REST_FAILED,
    source: dotnet('InvokeResponseExtensionsTests'),
  },
  'www-authenticate': {
    send: returns({ statusCode: 401, headers: { 'WWW-Authenticate': 'Basic' } }),
    expect: { status: 401, headers: { 'x-amzn-remapped-www-authenticate': 'Basic' } },
    source: gatewayGuide('Amazon API Gateway important notes'),
  },
  'no-route': {
    send: { to: 'DELETE /nothing' },
    expect: {
      status: 403,
      headers: { ...JSON_TYPE, 'x-amzn-errortype': 'MissingAuthenticationTokenException' },
      text: '{"message":"Missing Authentication Token"}',
    },
    source: recorded('test_routing_not_found', '2024-07-23'),
  },
  'greedy-root': {
    send: { to: 'GET /' },
    expect: { status: 200, jsonHas: { resource: '/{proxy+}' } },
    source: dotnet('ApiGatewayRouteConfigService'),
    status: 'differs on purpose',
    why: "aws-cdk-lib's ProxyResource gives the root its own method, since the variable does not match it",
  },
  'event-too-large': {
    send: large,
    expect: { status: 413, text: '{"message":"Request Too Long"}' },
    source: dotnet('LargePayloadTests'),
  },
});

const invocation = (kind: string) => recorded(`test_lambda_url_invocation[${kind}]`, '2025-11-24');

const FUNCTION_URL = rulesOf('Function URL', 'function', {
  string: isBody('hello', 'hello', invocation('string')),
  dict: isBody({ hello: 'world' }, '{"hello":"world"}', invocation('dict')),
  list: isBody(['hello', 3, true], '["hello",3,true]', invocation('list-mixed')),
  integer: isBody(3, '3', invocation('integer')),
  float: isBody(3.1, '3.1', invocation('float')),
  boolean: isBody(true, 'true', invocation('boolean')),
  'http-response': isBody(
    { statusCode: 200, body: 'body123' },
    'body123',
    invocation('http-response'),
  ),
  'function-error': {
    send: { to: 'GET /throw' },
    expect: { status: 502, text: 'Internal Server Error' },
    source: recorded('test_lambda_url_invocation_exception', '2025-11-24'),
  },
  'unknown-host': {
    send: { to: 'GET /', hostLabel: 'nobodyhasthisurl' },
    expect: {
      status: 403,
      headers: { ...JSON_TYPE, 'x-amzn-errortype': 'AccessDeniedException' },
      text: '{"Message":null}',
    },
    source: recorded('test_lambda_url_non_existing_url', '2025-11-24'),
  },
  'multipart-form': {
    send: {
      to: 'POST /form',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x--',
    },
    expect: { status: 200, jsonHas: { body: 'LS14LS0=', isBase64Encoded: true } },
    source: recorded('test_lambda_url_form_payload', '2025-11-24'),
  },
});

export const FRONT_DOORS = [...HTTP_API, ...REST_API, ...FUNCTION_URL];
