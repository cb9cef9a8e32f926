import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../../src/webhooks/index.ts';
import { startWebhook } from './start-webhook.ts';

const sender = {
  name: 'shop',
  id: ({ id }: { id: string }) => id,
  verify: ({ headers }: { headers: Readonly<Record<string, string>> }) => {
    if (headers['x-signature'] !== 'right') throw new Error('no');
  },
};
const signed = { headers: { 'X-Signature': 'right' }, body: '{"id":"evt_1"}' };

describe('a delivery with the right signature', () => {
  it('is handed off with its payload as the body, and answered 200', async () => {
    const { deliver, payloads, warnings } = startWebhook(sender);

    expect(await deliver(signed)).toEqual({ statusCode: 200, body: '' });
    expect(payloads()).toEqual([{ id: 'evt_1' }]);
    expect(warnings).toEqual([]);
  });

  it('that is repeated starts nothing, and is answered alike', async () => {
    const { deliver, payloads } = startWebhook(sender);

    const first = await deliver(signed);
    const second = await deliver({ ...signed, body: '{"id":"evt_1","try":2}' });

    expect(second).toEqual(first);
    expect(payloads()).toHaveLength(1);
  });

  it('that is repeated when its job has failed starts another one', async () => {
    const { deliver, payloads, listener } = startWebhook(sender);
    await deliver(signed);
    rmSync(join(listener.folder, 'keys'), { recursive: true });

    await deliver(signed);

    expect(payloads()).toHaveLength(2);
  });

  it('and the id of another sender is another delivery', async () => {
    const { deliver, payloads, listener } = startWebhook(sender);
    await deliver(signed);
    const names = listener.jobs().map(({ facts }) => facts.keyHash);

    const other = startWebhook({ ...sender, name: 'bank' });
    await other.deliver(signed);

    expect(payloads()).toHaveLength(1);
    expect(other.listener.jobs()[0]?.facts.keyHash).not.toBe(names[0]);
  });

  it('without an id is started each time', async () => {
    const { deliver, payloads } = startWebhook({ ...sender, id: () => undefined });

    for (let n = 0; n < 2; n += 1) await deliver(signed);

    expect(payloads()).toHaveLength(2);
  });

  it('reaches verify() as the bytes that were sent, with header names in lower case', async () => {
    const seen: unknown[] = [];
    const { deliver } = startWebhook({ ...sender, verify: (request) => void seen.push(request) });
    const body = '{"id":"ü 漢"}';

    await deliver({ body, isBase64Encoded: true, headers: { 'X-Name': 'v' } });

    expect(seen).toEqual([
      {
        body,
        rawBody: Buffer.from(body),
        headers: { 'content-type': 'application/json', 'x-name': 'v' },
      },
    ]);
  });

  it('may be a form', async () => {
    const { deliver, payloads } = startWebhook(sender);
    const headers = { ...signed.headers, 'Content-Type': 'application/x-www-form-urlencoded' };

    await deliver({ headers, body: 'id=a+b&text=%C3%BC' });

    expect(payloads()).toEqual([{ id: 'a b', text: 'ü' }]);
  });

  it('has the payload that verify() returns', async () => {
    const { deliver, payloads } = startWebhook({ ...sender, verify: () => ({ id: 'own' }) });

    await deliver(signed);

    expect(payloads()).toEqual([{ id: 'own' }]);
  });

  it('is answered with `response`, a value or a function', async () => {
    const value = startWebhook({ ...sender, response: { statusCode: 202 } });
    expect(await value.deliver(signed)).toEqual({ statusCode: 202 });

    const computed = startWebhook({
      ...sender,
      response: ({ id }: { id: string }) => ({ statusCode: 200, body: id }),
    });
    expect(await computed.deliver(signed)).toEqual({ statusCode: 200, body: 'evt_1' });
  });

  it('that is not work is answered without a job', async () => {
    const { deliver, payloads } = startWebhook({
      ...sender,
      answer: () => ({ statusCode: 200, body: 'pong' }),
    });

    expect(await deliver(signed)).toEqual({ statusCode: 200, body: 'pong' });
    expect(payloads()).toEqual([]);
  });

  it('that cannot be handed off is an error of the function, so that the sender repeats it', async () => {
    const { deliver, listener } = startWebhook(sender);
    listener.refuse({ code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE', message: 'It is broken.' });

    await expect(deliver(signed)).rejects.toMatchObject({
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
    });
  });

  it('whose body cannot be read is answered 400', async () => {
    const { deliver, payloads } = startWebhook(sender);

    const response = await deliver({ ...signed, body: '{"id":' });

    expect(response.statusCode).toBe(400);
    expect(response.body).toContain('The body cannot be read');
    expect(payloads()).toEqual([]);
  });
});

describe('a delivery with a wrong signature', () => {
  it.each([
    ['verify() throws', sender.verify, 'no'],
    ['verify() rejects', () => Promise.reject(new Error('later')), 'later'],
    ['verify() returns false', () => false, 'verify() returned false'],
    ['verify() resolves to false', async () => false, 'verify() returned false'],
    ['verify() returns null', () => null, 'verify() returned null'],
    [
      'verify() returns the header that is missing',
      ({ headers }: WebhookRequest) => headers['x-none'] ?? '',
      "verify() returned ''",
    ],
  ])('is answered 401 and gives a line with the reason: %s', async (_, verify, reason) => {
    const { deliver, payloads, warnings } = startWebhook({ ...sender, verify });

    const { statusCode, body } = await deliver({ body: signed.body });

    expect({ statusCode, body }).toEqual({
      statusCode: 401,
      body: '{"message":"The signature is not valid"}',
    });
    expect(warnings).toEqual([`[async-http] a request in the name of shop was refused: ${reason}`]);
    expect(payloads()).toEqual([]);
  });
});
