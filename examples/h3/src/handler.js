import '@async-http/client/register'; // Not needed where the layer is.
import { withRequestWaitUntil } from '@async-http/client/fetch';
import { H3 } from 'h3';
import { toLambdaHandler } from 'srvx/aws-lambda';
import { track } from './track.js';

const app = new H3().get('/orders/:id', (event) => {
  event.waitUntil(track(event.url.pathname));
  return { id: event.context.params.id };
});

export const handler = toLambdaHandler({ fetch: withRequestWaitUntil(app.fetch) });
