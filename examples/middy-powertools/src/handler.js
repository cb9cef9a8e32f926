import '@async-http/client/register'; // Not needed where the layer is.
import { waitUntil } from '@async-http/client';
import { waitUntilMiddleware } from '@async-http/client/middy';
import { Router } from '@aws-lambda-powertools/event-handler/http';
import middy from '@middy/core';
import { track } from './track.js';

const app = new Router();

app.get('/orders/:id', ({ req, params }) => {
  waitUntil(track(new URL(req.url).pathname));
  return { id: params.id };
});

export const handler = middy()
  .use(waitUntilMiddleware())
  .handler((event, context) => app.resolve(event, context));
