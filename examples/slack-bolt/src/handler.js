import '@async-http/client/register'; // Not needed where the layer is.
import { replyOnAck } from '@async-http/client/slack-bolt';
import { App, AwsLambdaReceiver } from '@slack/bolt';
import { track } from './track.js';

const receiver = new AwsLambdaReceiver({ signingSecret: process.env.SLACK_SIGNING_SECRET });
const app = new App({
  receiver,
  // With `token: …` in its place, Bolt asks Slack once who that token belongs to.
  authorize: async () => ({ botToken: process.env.SLACK_BOT_TOKEN, botId: 'B1', botUserId: 'U1' }),
});

app.command('/report', async ({ ack, command }) => {
  await ack('Working on it …'); // Leaves now, well within Slack's 3 seconds.
  await track(command.text);
});

replyOnAck(app);
export const handler = receiver.toHandler();
