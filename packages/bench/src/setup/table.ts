import { request } from 'undici';
import type { Stand } from '../figure.ts';
import { startServer } from './start-server.ts';

const NAME = 'jobs';

/**
 * A table of DynamoDB in another process, which ends with the figure.
 *
 * @returns variables of a function that uses it
 */
export async function openTable(stand: Stand): Promise<Record<string, string>> {
  const endpoint = await startServer(stand, 'dynamodb.js');
  const { statusCode, body } = await request(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.CreateTable',
      'x-amz-date': 'now',
      authorization:
        'AWS4-HMAC-SHA256 Credential=bench/20261201/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
    },
    body: JSON.stringify({
      TableName: NAME,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  });
  if (statusCode !== 200) throw new Error(await body.text());
  await body.dump();
  return { ASYNC_HTTP_STORE: NAME, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
}
