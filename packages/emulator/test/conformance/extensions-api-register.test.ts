import { describe, expect, it } from 'vitest';
import { call } from '../support/call.ts';
import { ExtensionPuppet, stage } from '../support/puppets.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A function that waits in INIT for its extensions to register. */
async function inInit(...extensions: string[]) {
  const play = await stage({ extensions });
  play.lambda.invoke({}).catch(() => {});
  return play;
}

describe('Extensions API: register', () => {
  it('answers with the function and an identifier', async () => {
    const { extension } = await inInit('first');
    const first = await extension('first');

    const { status, headers, json } = await first.register();

    expect(status).toBe(200);
    expect(headers['lambda-extension-identifier']).toMatch(UUID);
    expect(headers['content-type']).toBe('application/json');
    expect(json).toEqual({
      functionName: 'function',
      functionVersion: '$LATEST',
      handler: 'index.handler',
    });
  });

  it('gives the account only when asked for it; unknown features are ignored', async () => {
    const { extension } = await inInit('first');
    const first = await extension('first');

    const { json } = await first.register(['INVOKE'], {
      'Lambda-Extension-Accept-Feature': 'somethingNew, accountId',
    });

    expect(json).toMatchObject({ accountId: '123456789012' });
  });

  it.each([
    ['absent', {}],
    ['empty', { events: [] }],
  ])('events may be %s', async (_, body) => {
    const { extension } = await inInit('first');
    const first = await extension('first');

    const { status } = await first.post('register', {
      headers: { 'Lambda-Extension-Name': 'first' },
      body,
    });

    expect(status).toBe(200);
  });

  it.each([
    ['events of null', '{"events":null}', []],
    ['null', 'null', []],
    ['names without regard to case', '{"Events":["INVOKE"]}', ['INVOKE']],
  ])('takes %s (RIE@4fa2157)', async (_, body, events) => {
    const { lambda, extension } = await inInit('first');
    const first = await extension('first');
    const headers = { 'Lambda-Extension-Name': 'first' };

    expect(await first.post('register', { headers, body })).toMatchObject({ status: 200 });
    expect(await lambda.until(({ type }) => type === 'extension.registered')).toMatchObject({
      events,
    });
  });

  it.each(['', '7', '"INVOKE"', '["INVOKE"]'])(
    'refuses the body %j (RIE@4fa2157)',
    async (body) => {
      const { extension } = await inInit('first');
      const first = await extension('first');
      const headers = { 'Lambda-Extension-Name': 'first' };

      const { status, json } = await first.post('register', { headers, body });

      expect(status).toBe(403);
      expect(json).toMatchObject({ errorType: 'InvalidRequestFormat' });
    },
  );

  it.each([
    ['GET', 'extension/register', '2020-01-01'],
    ['POST', 'extension/event/next', '2020-01-01'],
    ['GET', 'extension/exit/error', '2020-01-01'],
    ['POST', 'telemetry', '2022-07-01'],
  ])('a wrong method is 405: %s %s (RIE@4fa2157)', async (method, path, version) => {
    const { extension } = await inInit('first');
    const { api } = await extension('first');

    expect(await call(api, method, `/${version}/${path}`)).toMatchObject({ status: 405 });
  });

  it.each([
    [
      'no name header',
      { headers: {}, body: { events: [] } },
      { errorType: 'Extension.InvalidExtensionName', errorMessage: 'Empty extension name' },
    ],
    [
      'a body that is not JSON',
      { headers: { 'Lambda-Extension-Name': 'first' }, body: '{' },
      { errorType: 'InvalidRequestFormat', errorMessage: expect.any(String) },
    ],
    [
      'configuration keys',
      {
        headers: { 'Lambda-Extension-Name': 'first' },
        body: { events: [], configurationKeys: ['key'] },
      },
      { errorType: 'InvalidRequestFormat', errorMessage: expect.any(String) },
    ],
    [
      'an unknown event',
      { headers: { 'Lambda-Extension-Name': 'first' }, body: { events: ['FREEZE'] } },
      { errorType: 'Extension.InvalidEventType', errorMessage: 'FREEZE: ErrorInvalidEventType' },
    ],
    [
      'SHUTDOWN for an internal extension',
      { headers: { 'Lambda-Extension-Name': 'inside' }, body: { events: ['SHUTDOWN'] } },
      {
        errorType: 'Extension.InvalidEventType',
        errorMessage: 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension',
      },
    ],
  ])('refuses %s', async (_, request, error) => {
    const { extension } = await inInit('first');
    const first = await extension('first');

    const { status, json } = await first.post('register', request);

    expect(status).toBe(403);
    expect(json).toEqual(error);
  });

  it('refuses the second registration of an external extension', async () => {
    const { extension } = await inInit('first');
    const first = await extension('first');
    await first.register();

    const { status, json } = await first.register();

    expect(status).toBe(403);
    expect(json).toEqual({
      errorType: 'Extension.InvalidExtensionState',
      errorMessage:
        'State transition from Registered to Registered failed for extension first. ' +
        'Error: State transition is not allowed',
    });
  });

  it('takes a name that is not a file in /opt/extensions for an internal extension; it can be had once', async () => {
    const { extension } = await inInit('first');
    const inside = new ExtensionPuppet('inside', await extension('first'));

    const first = await inside.register(['INVOKE']);
    const second = await inside.register(['INVOKE']);

    expect(first.status).toBe(200);
    expect(second.status).toBe(403);
    expect(second.json).toEqual({
      errorType: 'Extension.InvalidExtensionState',
      errorMessage: 'Extension with this name already registered',
    });
  });

  it('accepts 10 extensions, external and internal together', async () => {
    const { extension } = await inInit('first');
    const first = await extension('first');
    await first.register();
    const internal = Array.from(
      { length: 10 },
      (_, index) => new ExtensionPuppet(`inside-${index}`, first),
    );

    const results = await Promise.all(internal.map((puppet) => puppet.register(['INVOKE'])));

    expect(results.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(9);
    expect(results.find(({ status }) => status === 403)?.json).toEqual({
      errorType: 'Extension.TooManyExtensions',
      errorMessage: 'Extension limit (10) reached',
    });
  });

  it('is closed for internal extensions once the runtime has asked for its first event', async () => {
    const { lambda, extension, runtime } = await stage({ extensions: ['first'], runtime: true });
    const result = lambda.invoke({});
    const first = await extension('first');
    await first.register(['INVOKE']);
    const next = first.next();
    const process = await runtime();
    const served = process.serve();
    await served;

    const { status, json } = await new ExtensionPuppet('inside', first).register(['INVOKE']);

    expect(status).toBe(403);
    expect(json).toEqual({
      errorType: 'Extension.RegistrationClosed',
      errorMessage: 'Extension registration closed already',
    });
    await Promise.all([result, next]);
  });
});
