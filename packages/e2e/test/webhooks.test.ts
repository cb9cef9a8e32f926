import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sign as signGithub } from '@octokit/webhooks-methods';
import { build } from 'esbuild';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpEvent } from './support/http-event.ts';
import { invoke, linesWith, ONE_RUNTIME, startFunction } from './support/start-function.ts';

// The examples of docs/webhooks.md, bundled with the senders' libraries, and asked as the senders do.

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8');

/** How long Slack waits for a reply. */
const SLACK_WAITS_MS = 3_000;

/** A background handler that takes longer than that for one of its events. */
const SLOW = `exports.background = async ({ body }) => {
  if (body.event_id === 'slow') await new Promise((done) => setTimeout(done, ${SLACK_WAITS_MS + 500}));
  console.log('working on ' + body.event_id);
};`;

/** The code below a heading of the page. */
function exampleOf(heading: string): string {
  const [, code] = PAGE.split(`\n## ${heading}\n`)[1]?.match(/```ts\n(.*?)```/s) ?? [];
  if (code === undefined) throw new Error(`The page has no example for ${heading}.`);
  return code;
}

async function bundle(heading: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'async-http-webhook-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await build({
    stdin: { contents: exampleOf(heading), loader: 'ts', resolveDir: import.meta.dirname },
    outfile: join(folder, 'webhook.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'slow.cjs'), SLOW);
  return folder;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const discordKeys = generateKeyPairSync('ed25519');

/** What a sender sends twice, and what is to become of it. */
const SENDERS = [
  {
    heading: 'Stripe',
    variables: { STRIPE_KEY: 'sk_test_none', STRIPE_WEBHOOK_SECRET: 'whsec_test' },
    body: '{"id":"evt_1","object":"event","type":"invoice.paid"}',
    headers: async (payload: string) => ({
      'stripe-signature': new Stripe('sk_test_none').webhooks.generateTestHeaderString({
        payload,
        secret: 'whsec_test',
      }),
    }),
    reply: { statusCode: 200, body: '' },
    work: 'working on invoice.paid evt_1',
  },
  {
    heading: 'GitHub',
    variables: { GITHUB_WEBHOOK_SECRET: 'secret' },
    body: '{"action":"opened"}',
    headers: async (body: string) => ({
      'x-github-event': 'issues',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': await signGithub('secret', body),
    }),
    reply: { statusCode: 200, body: '' },
    work: 'working on issues of opened',
  },
  {
    heading: 'Slack',
    variables: { SLACK_SIGNING_SECRET: 'secret' },
    body: '{"type":"event_callback","event_id":"Ev1"}',
    headers: async (body: string) => signSlack(body),
    reply: { statusCode: 200, body: '' },
    work: 'working on Ev1',
  },
  {
    heading: 'Discord',
    variables: {
      DISCORD_PUBLIC_KEY: discordKeys.publicKey
        .export({ type: 'spki', format: 'der' })
        .subarray(-32)
        .toString('hex'),
    },
    body: '{"id":"846462639134605312","type":2,"token":"t"}',
    headers: async (body: string) => ({
      'x-signature-timestamp': '1764550000',
      'x-signature-ed25519': signWith(
        null,
        Buffer.from(`1764550000${body}`),
        discordKeys.privateKey,
      ).toString('hex'),
    }),
    reply: { statusCode: 200, body: '{"type":5}' },
    work: 'working on interaction 846462639134605312',
  },
  {
    heading: 'Standard Webhooks',
    variables: { WEBHOOK_SECRET: 'whsec_c2VjcmV0' },
    body: '{"type":"user.created"}',
    headers: async (body: string) => {
      const now = new Date();
      return {
        'webhook-id': 'msg_1',
        'webhook-timestamp': `${Math.floor(now.getTime() / 1_000)}`,
        'webhook-signature': new Webhook('whsec_c2VjcmV0').sign('msg_1', now, body),
      };
    },
    reply: { statusCode: 200, body: '' },
    work: 'working on user.created',
  },
];

function signSlack(body: string): Record<string, string> {
  const at = `${Math.floor(Date.now() / 1_000)}`;
  const mac = createHmac('sha256', 'secret').update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${mac}` };
}

async function startWebhook(
  runtime: (typeof ONE_RUNTIME)[number],
  heading: string,
  ASYNC_HANDLER = 'webhook.background',
) {
  const { variables = {} } = SENDERS.find((sender) => sender.heading === heading) ?? {};
  return startFunction({
    runtime,
    code: await bundle(heading),
    handler: 'webhook.handler',
    environment: { ...variables, ASYNC_HANDLER },
  });
}

describe.each(ONE_RUNTIME)('on %s,', (runtime) => {
  it.each(SENDERS)(
    'a delivery of $heading is answered at once and worked on once, though it comes twice',
    async ({ heading, body, headers, reply, work }) => {
      const lambda = await startWebhook(runtime, heading);

      for (let delivery = 0; delivery < 2; delivery += 1) {
        const event = httpEvent({ body, headers: await headers(body) });
        expect((await invoke(lambda, event)).reply).toMatchObject(reply);
        await lambda.idle();
      }

      expect(linesWith(lambda, work)).toHaveLength(1);
    },
  );

  it.each(SENDERS)(
    'a forged delivery of $heading is refused',
    async ({ heading, body, headers }) => {
      const lambda = await startWebhook(runtime, heading);
      const signed = await headers(body);

      const { reply } = await invoke(lambda, httpEvent({ body: `${body} `, headers: signed }));
      await lambda.idle();

      expect(reply).toMatchObject({ statusCode: 401 });
      expect(linesWith(lambda, 'working on')).toEqual([]);
    },
  );

  it('deliveries of Slack that come in the wrong order, one of them again later, are each worked on once', async () => {
    const lambda = await startWebhook(runtime, 'Slack');

    for (const id of ['Ev2', 'Ev1', 'Ev2']) {
      const body = JSON.stringify({ type: 'event_callback', event_id: id });
      const { reply } = await invoke(lambda, httpEvent({ body, headers: signSlack(body) }));
      expect(reply).toMatchObject({ statusCode: 200 });
      await lambda.idle();
    }

    expect(linesWith(lambda, 'working on').map((line) => /Ev\d/.exec(line)?.[0])).toEqual([
      'Ev2',
      'Ev1',
    ]);
  });

  it('a sender that gives up after three seconds has its reply, though the work takes longer', async () => {
    const lambda = await startWebhook(runtime, 'Slack', 'slow.background');
    const deliver = async (id: string) => {
      const body = JSON.stringify({ type: 'event_callback', event_id: id });
      return (await invoke(lambda, httpEvent({ body, headers: signSlack(body) }))).reply;
    };
    await deliver('first');
    await lambda.idle();

    const reply = await Promise.race([deliver('slow'), sleep(SLACK_WAITS_MS, 'given up')]);

    expect(reply).toMatchObject({ statusCode: 200 });
    expect(linesWith(lambda, 'working on slow')).toEqual([]);
    await lambda.idle();
    expect(linesWith(lambda, 'working on slow')).toHaveLength(1);
  });

  it('a slash command of Slack is worked on each time', async () => {
    const lambda = await startWebhook(runtime, 'Slack');
    const body = 'command=%2Freport&text=sales';

    for (let command = 0; command < 2; command += 1) {
      await invoke(lambda, httpEvent({ body, headers: { ...FORM, ...signSlack(body) } }));
      await lambda.idle();
    }

    expect(linesWith(lambda, 'working on /report')).toHaveLength(2);
  });
});
