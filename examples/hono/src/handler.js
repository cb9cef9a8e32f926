import '@async-http/client/register'; // Not needed where the layer is.
import { withExecutionContext } from '@async-http/client/hono';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { track } from './track.js';

const app = new Hono();

app.get('/orders/:id', (c) => {
  c.executionCtx.waitUntil(track(c.req.path)); // As on Cloudflare Workers; without us it throws.
  return c.json({ id: c.req.param('id') });
});

export const handler = handle(withExecutionContext(app));
