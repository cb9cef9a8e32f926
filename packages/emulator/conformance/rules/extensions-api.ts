import { type Call, type Expectation, rulesOf } from '../rule.ts';
import { lambdaGuide, RIE } from '../sources.ts';

const PREFIX = '/2020-01-01/extension';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const GUIDE = lambdaGuide('Using the Lambda Extensions API to create extensions');
const OK = { status: 202, text: '{"status":"OK"}' };

/** The extension whose file is in the layer of `function/template.yaml`. */
const register = (body: unknown, name = 'conformance', headers = {}): Call => ({
  to: `POST ${PREFIX}/register`,
  headers: { 'lambda-extension-name': name, ...headers },
  body,
});

const IDENTITY = { 'lambda-extension-identifier': '{extension}' };

const next = (headers: Record<string, string>): Call => ({
  to: `GET ${PREFIX}/event/next`,
  headers,
});

const report = (path: 'init/error' | 'exit/error', headers: Record<string, string> = IDENTITY) => ({
  to: `POST ${PREFIX}/${path}`,
  headers: { 'lambda-extension-function-error-type': 'Extension.Broken', ...headers },
  body: { errorMessage: 'broken', errorType: 'Extension.Broken' },
});

const refused = (errorType: string, errorMessage: string | RegExp): Expectation => ({
  status: 403,
  json: { errorType, errorMessage },
});

const refusedMove = (from: string, to: string, who = '{extension}') =>
  refused(
    'Extension.InvalidExtensionState',
    `State transition from ${from} to ${to} failed for extension ${who}. ` +
      'Error: State transition is not allowed',
  );

const FORMAT = refused('InvalidRequestFormat', /./);
const accepted = { expect: { status: 200 }, endsEnvironment: true };
const wrongMethod = (to: string) => ({ send: { to }, expect: { status: 405 }, source: RIE });

const registration = rulesOf('Extensions API', 'INIT', {
  register: {
    send: register({ events: ['INVOKE', 'SHUTDOWN'] }),
    expect: {
      status: 200,
      headers: { 'lambda-extension-identifier': UUID, 'content-type': 'application/json' },
      json: { functionName: '{idle}', functionVersion: '$LATEST', handler: 'index.handler' },
    },
    source: GUIDE,
    endsEnvironment: true,
  },
  'register-asks-for-account': {
    send: register({ events: [] }, 'conformance', {
      'lambda-extension-accept-feature': 'somethingNew, accountId',
    }),
    expect: { status: 200, jsonHas: { accountId: /^\d{12}$/ } },
    source: GUIDE,
    endsEnvironment: true,
  },
  'register-without-events': { send: register({}), source: RIE, ...accepted },
  'register-empty-events': { send: register({ events: [] }), source: RIE, ...accepted },
  'register-null-events': { send: register('{"events":null}'), source: RIE, ...accepted },
  'register-null': { send: register('null'), source: RIE, ...accepted },
  'register-key-in-other-case': {
    // That the key was understood shows in what it may not name.
    send: register('{"Events":["FREEZE"]}'),
    expect: refused('Extension.InvalidEventType', 'FREEZE: ErrorInvalidEventType'),
    source: RIE,
  },
  'register-empty-body': { send: register(''), expect: FORMAT, source: RIE },
  'register-number': { send: register('7'), expect: FORMAT, source: RIE },
  'register-string': { send: register('"INVOKE"'), expect: FORMAT, source: RIE },
  'register-list': { send: register('["INVOKE"]'), expect: FORMAT, source: RIE },
  'register-broken-json': { send: register('{'), expect: FORMAT, source: RIE },
  'register-configuration-keys': {
    send: register({ events: [], configurationKeys: ['key'] }),
    expect: FORMAT,
    source: RIE,
  },
  'register-without-name': {
    send: { to: `POST ${PREFIX}/register`, body: { events: [] } },
    expect: refused('Extension.InvalidExtensionName', 'Empty extension name'),
    source: RIE,
  },
  'register-unknown-event': {
    send: register({ events: ['FREEZE'] }),
    expect: refused('Extension.InvalidEventType', 'FREEZE: ErrorInvalidEventType'),
    source: RIE,
  },
  'register-shutdown-internal': {
    send: register({ events: ['SHUTDOWN'] }, 'inside'),
    expect: refused(
      'Extension.InvalidEventType',
      'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension',
    ),
    source: RIE,
  },
  'register-internal': {
    send: register({ events: ['INVOKE'] }, 'inside'),
    source: GUIDE,
    ...accepted,
  },
  'register-internal-twice': {
    before: [register({ events: ['INVOKE'] }, 'inside')],
    send: register({ events: ['INVOKE'] }, 'inside'),
    expect: refused(
      'Extension.InvalidExtensionState',
      'Extension with this name already registered',
    ),
    source: RIE,
    endsEnvironment: true,
  },
  'register-method': wrongMethod(`GET ${PREFIX}/register`),
  'next-method': wrongMethod(`POST ${PREFIX}/event/next`),
  'exit-error-method': wrongMethod(`GET ${PREFIX}/exit/error`),
  'next-without-identifier': {
    send: next({}),
    expect: refused(
      'Extension.MissingExtensionIdentifier',
      'Missing Lambda-Extension-Identifier header',
    ),
    source: RIE,
  },
  'next-identifier-no-uuid': {
    send: next({ 'lambda-extension-identifier': 'first' }),
    expect: refused('Extension.InvalidExtensionIdentifier', 'Invalid Lambda-Extension-Identifier'),
    source: RIE,
  },
  'next-unknown-identifier': {
    send: next({ 'lambda-extension-identifier': NOBODY }),
    expect: refused('Extension.UnknownExtensionIdentifier', `Unknown extension ${NOBODY}`),
    source: RIE,
  },
  ...Object.fromEntries(
    (['init/error', 'exit/error'] as const).flatMap((path) => {
      const name = path.replace('/', '-');
      return [
        [
          `${name}-header-before-identifier`,
          {
            send: {
              to: `POST ${PREFIX}/${path}`,
              headers: { 'lambda-extension-identifier': NOBODY },
            },
            expect: { status: 403, jsonHas: { errorType: 'Extension.MissingHeader' } },
            source: RIE,
          },
        ],
        [
          `${name}-unknown-identifier`,
          {
            send: report(path, { 'lambda-extension-identifier': NOBODY }),
            expect: refused(
              'Extension.UnknownExtensionIdentifier',
              'Unknown Lambda-Extension-Identifier',
            ),
            source: RIE,
          },
        ],
        [
          `${name}-identifier-no-uuid`,
          {
            send: report(path, { 'lambda-extension-identifier': 'first' }),
            expect: refused(
              'Extension.InvalidExtensionIdentifier',
              'Invalid Lambda-Extension-Identifier',
            ),
            source: RIE,
          },
        ],
      ];
    }),
  ),
});

const afterRegistration = rulesOf('Extensions API', 'registered', {
  'register-twice': {
    send: register({ events: [] }),
    expect: refusedMove('Registered', 'Registered', 'conformance'),
    source: RIE,
  },
  'register-eleventh': {
    before: Array.from({ length: 9 }, (_, index) => register({}, `inside-${index}`)),
    send: register({}, 'one-too-many'),
    expect: refused('Extension.TooManyExtensions', 'Extension limit (10) reached'),
    source: RIE,
    endsEnvironment: true,
  },
  'init-error': {
    send: report('init/error'),
    expect: OK,
    source: GUIDE,
    endsEnvironment: true,
  },
  'init-error-twice': {
    before: [report('init/error')],
    send: report('init/error'),
    expect: OK,
    source: RIE,
    endsEnvironment: true,
  },
  'next-after-init-error': {
    before: [report('init/error')],
    send: next(IDENTITY),
    expect: refusedMove('InitError', 'Ready'),
    source: RIE,
    endsEnvironment: true,
  },
  'exit-error-after-init-error': {
    before: [report('init/error')],
    send: report('exit/error'),
    expect: refusedMove('InitError', 'Exited'),
    source: RIE,
    endsEnvironment: true,
  },
  'exit-error-twice': {
    before: [report('exit/error')],
    send: report('exit/error'),
    expect: OK,
    source: RIE,
    endsEnvironment: true,
  },
  'next-after-exit-error': {
    before: [report('exit/error')],
    send: next(IDENTITY),
    expect: refusedMove('ExitError', 'Ready'),
    source: RIE,
    endsEnvironment: true,
  },
  'init-error-after-exit-error': {
    before: [report('exit/error')],
    send: report('init/error'),
    expect: { status: 403 },
    source: RIE,
    endsEnvironment: true,
  },
});

const duringInvoke = rulesOf('Extensions API', 'running', {
  'register-internal-too-late': {
    send: register({ events: ['INVOKE'] }, 'inside'),
    expect: refused('Extension.RegistrationClosed', 'Extension registration closed already'),
    source: RIE,
  },
  'next-while-waiting': {
    // The extension of the runner waits for its next event.
    send: next(IDENTITY),
    expect: refusedMove('Ready', 'Ready'),
    source: RIE,
  },
  'init-error-after-next': {
    send: report('init/error'),
    expect: refusedMove('Ready', 'InitError'),
    source: RIE,
  },
  'exit-error-after-next': {
    send: report('exit/error'),
    expect: OK,
    source: GUIDE,
    endsEnvironment: true,
  },
});

export const EXTENSIONS_API = [...registration, ...afterRegistration, ...duringInvoke];
