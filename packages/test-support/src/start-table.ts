import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { onTestFinished } from 'vitest';

/** What the table does with requests: as DynamoDB does, or fail in one of its ways. */
export type TableMood = 'works' | 'throttles' | 'denies' | 'is down' | 'does not answer';

type WireItem = Record<string, { S?: string; N?: string }>;

interface Page {
  readonly Items?: WireItem[];
  readonly LastEvaluatedKey?: WireItem;
}

const FAILURES: Partial<Record<TableMood, [status: number, type: string, message: string]>> = {
  throttles: [
    400,
    'ProvisionedThroughputExceededException',
    'The level of throughput is exceeded.',
  ],
  denies: [400, 'AccessDeniedException', 'User is not authorized to perform: dynamodb:PutItem'],
  'is down': [500, 'InternalServerError', 'Internal server error'],
};

/** Answers one request by itself, or has the table do it: `pass()`. */
export type TableAnswer = (response: ServerResponse, pass: () => void, operation: string) => void;

/**
 * A table of DynamoDB on a loopback port, with the partition key `id`.
 *
 * @param whenOver when it may be closed; by default when the test has finished
 */
export async function startTable(whenOver: (close: () => void) => void = onTestFinished) {
  const dynamo = dynalite({ createTableMs: 0 });
  const requests: { operation: string; at: number }[] = [];
  let mood: TableMood | TableAnswer = 'works';
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    requests.push({ operation, at: Date.now() });
    const pass = () => void dynamo.emit('request', request, response);
    if (typeof mood === 'function') return mood(response, pass, operation);
    const failure = FAILURES[mood];
    if (mood === 'works') pass();
    else if (failure) {
      const [status, type, message] = failure;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenOver(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function call(operation: string, input: object): Promise<Page> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': 'now',
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20261201/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
      },
      body: JSON.stringify(input),
    });
    if (response.status !== 200) throw new Error(await response.text());
    return response.json() as Promise<Page>;
  }
  await call('CreateTable', {
    TableName: 'jobs',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  requests.length = 0;

  return {
    endpoint,
    requests,
    /** Variables of a function that uses it. */
    env: {
      ASYNC_HTTP_STORE: 'jobs',
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_LAMBDA_FUNCTION_NAME: 'checkout',
    },
    set mood(next: TableMood | TableAnswer) {
      mood = next;
    },
    /** All items whose id begins so, as plain objects. */
    async items(prefix = ''): Promise<Record<string, string | number | undefined>[]> {
      const before = mood;
      mood = 'works';
      const found = requests.length;
      const items: WireItem[] = [];
      let page: Page = {};
      do {
        const next = page.LastEvaluatedKey && { ExclusiveStartKey: page.LastEvaluatedKey };
        page = await call('Scan', { TableName: 'jobs', ConsistentRead: true, ...next });
        items.push(...(page.Items ?? []));
      } while (page.LastEvaluatedKey);
      mood = before;
      requests.length = found;
      return items
        .map((item) =>
          Object.fromEntries(
            Object.entries(item).map(([name, { S, N }]) => [name, N === undefined ? S : Number(N)]),
          ),
        )
        .filter(({ id }) => String(id).startsWith(prefix));
    },
  };
}
