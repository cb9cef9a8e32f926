import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildExample } from './support/build-example.ts';
import { httpEvent } from './support/http-event.ts';
import { invoke, LAYER, RUNTIMES, type Runtime, startFunction } from './support/start-function.ts';

const SLACK_SECRET = 'a secret of the app';

const examples = [
  { name: 'wait-until', event: () => httpEvent(), tracks: '/orders/7' },
  { name: 'hono', event: () => httpEvent(), tracks: '/orders/7' },
  { name: 'h3', event: () => httpEvent(), tracks: '/orders/7' },
  { name: 'middy-powertools', event: () => httpEvent(), tracks: '/orders/7' },
  { name: 'vercel-functions', event: () => httpEvent(), tracks: '/orders/7' },
  { name: 'open-next', event: () => httpEvent(), tracks: '/orders/7' },
  { name: 'slack-bolt', event: slackCommand, tracks: 'sales' },
];

// Each example in both ways, on one runtime in the one and on the other in the other: what it is about is the framework.
describe.each([
  ['the layer', [LAYER]],
  ['npm alone', []],
])('with %s', (_, layers) => {
  describe.each(
    examples.map((example, index) => ({
      ...example,
      runtime: RUNTIMES[(index + layers.length) % RUNTIMES.length] as Runtime,
    })),
  )('on $runtime', ({ name, event, tracks, runtime }) => {
    it(`example ${name}: the reply is early, and its work is done before the freeze`, async () => {
      const lambda = await startFunction({
        runtime,
        code: await buildExample(name),
        handler: 'handler.handler',
        environment: { SLACK_SIGNING_SECRET: SLACK_SECRET, SLACK_BOT_TOKEN: 'xoxb-1' },
        timeoutMs: 20_000,
        memoryMiB: 256,
        layers,
      });

      const { reply } = await invoke(lambda, event());
      await lambda.idle();

      expect(reply).toMatchObject({ statusCode: 200 });
      const types = lambda.timeline
        .filter((e) => e.type !== 'log' || e.line.includes(`tracked ${tracks}`))
        .map(({ type }) => type);
      expect(
        types.slice(types.indexOf('response')).filter((type) => type !== 'runtime.done'),
      ).toEqual(['response', 'log', 'extension.next', 'invoke.end', 'frozen']);
    });
  });
});

/** A slash command, signed as Slack does it. */
function slackCommand() {
  const body = new URLSearchParams({
    command: '/report',
    text: 'sales',
    team_id: 'T1',
    user_id: 'U2',
    channel_id: 'C1',
    response_url: 'https://hooks.slack.com/commands/1',
    trigger_id: '1.1',
  }).toString();
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const signature = createHmac('sha256', SLACK_SECRET)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  return httpEvent({
    method: 'POST',
    path: '/slack/events',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
}
