import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { sign as signGithub, verify as verifyGithub } from '@octokit/webhooks-methods';
import { verifySlackRequest } from '@slack/bolt';
import { verifyKey } from 'discord-interactions';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { discord, github, slack, standardWebhooks, stripe } from '../../src/webhooks/index.ts';
import { startWebhook } from './start-webhook.ts';

// The senders' own libraries check the signatures, and sign where they can.

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

describe('stripe', () => {
  const secret = 'whsec_test';
  const client = new Stripe('sk_test_none');
  const options = {
    ...stripe,
    verify: ({ body, headers }: { body: string; headers: Readonly<Record<string, string>> }) =>
      client.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret),
  };
  const event = (details = {}) => {
    const payload = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'invoice.paid',
      ...details,
    });
    const signature = client.webhooks.generateTestHeaderString({ payload, secret });
    return { body: payload, headers: { 'Stripe-Signature': signature } };
  };

  it('an event is handed off once, however often it is delivered', async () => {
    const { deliver, payloads } = startWebhook(options);

    await deliver(event({ pending_webhooks: 1 }));
    await deliver(event({ pending_webhooks: 0 }));
    await deliver(event({ id: 'evt_2' }));

    expect(payloads()).toMatchObject([{ id: 'evt_1', type: 'invoice.paid' }, { id: 'evt_2' }]);
  });

  it('a body that was changed after signing is refused', async () => {
    const { deliver, payloads } = startWebhook(options);
    const { body, headers } = event();

    const { statusCode } = await deliver({ body: body.replace('paid', 'void'), headers });

    expect(statusCode).toBe(401);
    expect(payloads()).toEqual([]);
  });
});

describe('github', () => {
  const secret = 'It is a secret';
  const options = {
    ...github,
    verify: ({ body, headers }: { body: string; headers: Readonly<Record<string, string>> }) =>
      verifyGithub(secret, body, headers['x-hub-signature-256'] ?? ''),
  };
  const delivery = async (id: string, body: string, headers = {}) => ({
    body,
    headers: {
      ...headers,
      'X-GitHub-Delivery': id,
      'X-Hub-Signature-256': await signGithub(secret, body),
    },
  });

  it('a delivery is handed off once, and another one with the same content too', async () => {
    const { deliver, payloads } = startWebhook(options);
    const push = '{"ref":"refs/heads/main"}';

    for (const id of ['1', '1', '2']) await deliver(await delivery(id, push));

    expect(payloads()).toEqual([JSON.parse(push), JSON.parse(push)]);
  });

  it('a form has its JSON in one field', async () => {
    const { deliver, payloads } = startWebhook(options);
    const body = `payload=${encodeURIComponent('{"ref":"main"}')}`;

    await deliver(await delivery('1', body, FORM));

    expect(payloads()).toEqual([{ ref: 'main' }]);
  });

  it('a delivery without a signature is refused', async () => {
    const { deliver } = startWebhook(options);

    expect((await deliver({ body: '{}' })).statusCode).toBe(401);
  });
});

describe('slack', () => {
  const signingSecret = 'slack-secret';
  const options = {
    ...slack,
    verify: ({ body, headers }: { body: string; headers: Readonly<Record<string, string>> }) =>
      verifySlackRequest({
        signingSecret,
        body,
        headers: {
          'x-slack-signature': headers['x-slack-signature'] ?? '',
          'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
        },
      }),
  };
  const request = (body: string, headers = {}, at = Math.floor(Date.now() / 1_000)) => {
    const mac = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
    return {
      body,
      headers: {
        ...headers,
        'X-Slack-Request-Timestamp': `${at}`,
        'X-Slack-Signature': `v0=${mac}`,
      },
    };
  };

  it('answers the check of the URL', async () => {
    const { deliver, payloads } = startWebhook(options);

    const response = await deliver(request('{"type":"url_verification","challenge":"abc"}'));

    expect(response).toMatchObject({ statusCode: 200, body: '{"challenge":"abc"}' });
    expect(payloads()).toEqual([]);
  });

  it('answers the check of the certificate', async () => {
    const { deliver, payloads } = startWebhook(options);

    const response = await deliver(request('ssl_check=1&token=abc', FORM));

    expect(response).toEqual({ statusCode: 200, body: '' });
    expect(payloads()).toEqual([]);
  });

  it('an event is handed off once, though Slack repeats it', async () => {
    const { deliver, payloads } = startWebhook(options);
    const event = '{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention"}}';

    await deliver(request(event));
    await deliver(request(event, { 'X-Slack-Retry-Num': '1' }));

    expect(payloads()).toMatchObject([{ event_id: 'Ev1' }]);
  });

  it('each slash command is handed off, with its fields', async () => {
    const { deliver, payloads } = startWebhook(options);
    const command = 'command=%2Freport&text=last+week';

    const replies = [await deliver(request(command, FORM)), await deliver(request(command, FORM))];

    expect(replies).toEqual(Array(2).fill({ statusCode: 200, body: '' }));
    expect(payloads()).toEqual(Array(2).fill({ command: '/report', text: 'last week' }));
  });

  it('an interaction has its JSON in one field', async () => {
    const { deliver, payloads } = startWebhook(options);
    const payload = encodeURIComponent('{"type":"block_actions"}');

    await deliver(request(`payload=${payload}`, FORM));

    expect(payloads()).toEqual([{ type: 'block_actions' }]);
  });

  it('a request that is older than five minutes is refused', async () => {
    const { deliver } = startWebhook(options);
    const sixMinutesAgo = Math.floor(Date.now() / 1_000) - 360;

    expect((await deliver(request('{}', {}, sixMinutesAgo))).statusCode).toBe(401);
  });
});

describe('discord', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const publicHex = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const options = {
    ...discord,
    verify: ({
      rawBody,
      headers,
    }: {
      rawBody: Buffer;
      headers: Readonly<Record<string, string>>;
    }) =>
      verifyKey(
        rawBody,
        headers['x-signature-ed25519'] ?? '',
        headers['x-signature-timestamp'] ?? '',
        publicHex,
      ),
  };
  const interaction = (details: object) => {
    const body = JSON.stringify({ id: '1', token: 't', ...details });
    const at = '1764550000';
    const signature = signWith(null, Buffer.from(at + body), privateKey).toString('hex');
    return { body, headers: { 'X-Signature-Ed25519': signature, 'X-Signature-Timestamp': at } };
  };

  it('answers a ping', async () => {
    const { deliver, payloads } = startWebhook(options);

    expect((await deliver(interaction({ type: 1 }))).body).toBe('{"type":1}');
    expect(payloads()).toEqual([]);
  });

  it.each([
    ['a command, with a message to come', 2, 5],
    ['a component, with an update to come', 3, 6],
  ])('hands off %s', async (_, type, deferred) => {
    const { deliver, payloads } = startWebhook(options);

    const response = await deliver(interaction({ type }));

    expect(response).toMatchObject({ statusCode: 200, body: `{"type":${deferred}}` });
    expect(payloads()).toMatchObject([{ token: 't', type }]);
  });

  it('refuses a wrong signature, which Discord tests', async () => {
    const { deliver } = startWebhook(options);
    const { headers } = interaction({ type: 1 });

    expect((await deliver({ headers, body: '{"type":1}' })).statusCode).toBe(401);
  });
});

describe('standardWebhooks', () => {
  const secret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;
  const body = '{"type":"user.created"}';
  const message = (id = 'msg_1', at = new Date(), sender = new Webhook(secret)) => ({
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': `${Math.floor(at.getTime() / 1_000)}`,
      'webhook-signature': sender.sign(id, at, body),
    },
  });
  const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);

  it('a message is handed off once, however often it is delivered', async () => {
    const { deliver, payloads } = startWebhook(standardWebhooks(secret));

    for (const id of ['msg_1', 'msg_1', 'msg_2']) {
      expect((await deliver(message(id))).statusCode).toBe(200);
    }

    expect(payloads()).toEqual([JSON.parse(body), JSON.parse(body)]);
  });

  it.each([
    ['an old one', message('msg_1', minutesFromNow(-6)), 'more than 300 s from now'],
    ['one of the future', message('msg_1', minutesFromNow(6)), 'more than 300 s from now'],
    ['a changed one', { ...message(), body: '{"type":"user.deleted"}' }, 'does not fit the body'],
    ['one without headers', { body }, 'is missing'],
    [
      'one with another secret',
      message('msg_1', new Date(), new Webhook('whsec_b3RoZXI=')),
      'does not fit the body',
    ],
  ])('refuses %s, with the reason in the log', async (_, delivery, reason) => {
    const { deliver, payloads, warnings } = startWebhook(standardWebhooks(secret));

    expect((await deliver(delivery)).statusCode).toBe(401);
    expect(payloads()).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(reason)]);
  });

  it('takes an old and a new secret while one replaces the other', async () => {
    const { deliver } = startWebhook(standardWebhooks('whsec_b3RoZXI=', secret));

    expect((await deliver(message())).statusCode).toBe(200);
  });

  it('fails while the function starts when there is no secret', () => {
    expect(() => standardWebhooks()).toThrow('needs a secret');
    expect(() => standardWebhooks(undefined as never)).toThrow('Is its environment variable set?');
  });
});
