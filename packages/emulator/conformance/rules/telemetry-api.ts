import { type Call, type Entry, rulesOf } from '../rule.ts';
import { lambdaGuide, RIE } from '../sources.ts';

const GUIDE = lambdaGuide('Lambda Telemetry API reference');
const IDENTITY = { 'lambda-extension-identifier': '{extension}' };

const subscribe = (more: object = {}, headers: Record<string, string> = IDENTITY): Call => ({
  to: 'PUT /2022-07-01/telemetry',
  headers,
  body: {
    schemaVersion: '2022-12-13',
    types: ['platform', 'function', 'extension'],
    buffering: { maxItems: 1_000, maxBytes: 262_144, timeoutMs: 25 },
    destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:8080' },
    ...more,
  },
});

const http = (URI: string) => ({ destination: { protocol: 'HTTP', URI } });
const tcp = (port?: number) => ({
  destination: { protocol: 'TCP', ...(port !== undefined && { port }) },
});

const accepts = (more: object = {}): Entry => ({
  send: subscribe(more),
  expect: { status: 200, json: 'OK' },
  source: GUIDE,
  endsEnvironment: true,
});

const refuses = (more: object, errorMessage: string): Entry => ({
  send: subscribe(more),
  expect: { status: 400, json: { errorType: 'ValidationError', errorMessage } },
  source: RIE,
});

const PORT_RANGE = 'destination.port should be between 1 and 65535';
const NO_OBJECT = 'buffering should be an object';

export const TELEMETRY_API = [
  ...rulesOf('Telemetry API', 'registered', {
    'schema-2022-07-01': accepts({ schemaVersion: '2022-07-01' }),
    'schema-2022-12-13': accepts(),
    'schema-2025-01-29': accepts({ schemaVersion: '2025-01-29' }),
    'host-sandbox': accepts(http('http://sandbox:8080')),
    'no-port-no-types': refuses(
      { types: [], ...http('http://sandbox.localdomain') },
      'URI port is not provided; types should not be empty',
    ),
    'unknown-schema': refuses(
      { schemaVersion: '2020-08-15' },
      'schemaVersion should be one of 2022-07-01, 2022-12-13, 2025-01-29',
    ),
    'unknown-type': refuses(
      { types: ['logs'] },
      'types should be one of platform, function, extension',
    ),
    'impossible-port': refuses(http('http://example.com:80800'), 'URI is not a valid HTTP address'),
    'host-outside': refuses(
      http('http://example.com:8080'),
      'URI host should be sandbox.localdomain',
    ),
    'reserved-port': refuses(http('http://sandbox:9001'), 'URI port 9001 is reserved'),
    'short-timeout': refuses(
      { buffering: { timeoutMs: 24 } },
      'buffering.timeoutMs should be between 25 and 30000',
    ),
    'few-items': refuses(
      { buffering: { maxItems: 999 } },
      'buffering.maxItems should be between 1000 and 10000',
    ),
    'many-bytes': refuses(
      { buffering: { maxBytes: 1_048_577 } },
      'buffering.maxBytes should be between 262144 and 1048576',
    ),
    'tcp-without-port': refuses(tcp(), 'destination.port is not provided'),
    'tcp-port-0': refuses(tcp(0), PORT_RANGE),
    'tcp-port-65536': refuses(tcp(65_536), PORT_RANGE),
    'buffering-null': refuses({ buffering: null }, NO_OBJECT),
    'buffering-list': refuses({ buffering: [] }, NO_OBJECT),
    method: { send: { to: 'POST /2022-07-01/telemetry' }, expect: { status: 405 }, source: RIE },
    'not-registered': {
      send: subscribe(
        {},
        { 'lambda-extension-identifier': '00000000-0000-4000-8000-000000000000' },
      ),
      expect: { status: 403, jsonHas: { errorType: 'Extension.UnknownExtensionIdentifier' } },
      source: RIE,
    },
  }),
  ...rulesOf('Telemetry API', 'running', {
    'closed-after-init': {
      send: subscribe(),
      expect: {
        status: 403,
        json: {
          errorType: 'Telemetry.SubscriptionClosed',
          errorMessage: 'Telemetry API subscription is closed already',
        },
      },
      source: RIE,
    },
  }),
  ...rulesOf('Logs API', 'registered', {
    subscribe: {
      send: { to: 'PUT /2020-08-15/logs', headers: IDENTITY, body: {} },
      expect: {
        status: 202,
        json: { errorType: 'Logs.NotSupported', errorMessage: 'Logs API is not supported' },
      },
      source: RIE,
    },
  }),
];
