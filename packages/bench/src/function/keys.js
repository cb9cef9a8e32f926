// Times a hand-off with a key in a table, compared with one without a key and with Powertools Idempotency.

import { jobKey, sendArgs } from '@async-http/client';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';

const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: process.env.ASYNC_HTTP_STORE,
});
const config = new IdempotencyConfig({ eventKeyJmesPath: 'key' });
const once = makeIdempotent(async () => ({ statusCode: 202 }), { persistenceStore, config });

/** @returns ms */
async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

export async function handler({ key }, context) {
  const peer = await timed(() => once({ key }, context));
  // Hand-offs come last: their jobs start at once, and would slow the other down.
  const withKey = await timed(() => sendArgs({ key }, context, { key: jobKey(key) }));
  const plain = await timed(() => sendArgs({ key }, context));
  return { withKey, peer, plain };
}
