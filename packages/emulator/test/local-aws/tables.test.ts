import { describe, expect, it } from 'vitest';
import type { CloudResource } from '../../src/project/project.ts';
import { tableWithKeys } from '../../src/project/table-definition.ts';
import { dynamoDb } from './aws-sdk.ts';
import { startLocalAws } from './start-local-aws.ts';

const {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
} = dynamoDb;

const table = (label: string, name: string, definition = tableWithKeys('id', undefined)) =>
  ({
    service: 'dynamodb',
    label,
    name,
    arn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${name}`,
    table: definition,
  }) as const satisfies CloudResource;

const ORDERS = table('Orders', 'orders');
const BY_STATE = {
  ...tableWithKeys('id', undefined),
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'state', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-state',
      KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

describe('DynamoDB', () => {
  it('has the tables of the project, with its ARNs', async () => {
    const { client, problems } = await startLocalAws({ resources: [ORDERS] });
    const tables = new DynamoDBClient(client);
    const id = { S: '1' };

    await tables.send(new PutItemCommand({ TableName: 'orders', Item: { id, total: { N: '7' } } }));

    const { Item } = await tables.send(new GetItemCommand({ TableName: 'orders', Key: { id } }));
    expect(Item).toEqual({ id, total: { N: '7' } });
    const { Table } = await tables.send(new DescribeTableCommand({ TableName: 'orders' }));
    expect(Table).toMatchObject({ TableArn: ORDERS.arn, TableStatus: 'ACTIVE' });
    expect(problems).toEqual([]);
  });

  it('has their indexes', async () => {
    const { client } = await startLocalAws({ resources: [table('Orders', 'orders', BY_STATE)] });
    const tables = new DynamoDBClient(client);
    const open = { id: { S: '1' }, state: { S: 'open' } };
    await tables.send(new PutItemCommand({ TableName: 'orders', Item: open }));

    const { Items } = await tables.send(
      new QueryCommand({
        TableName: 'orders',
        IndexName: 'by-state',
        KeyConditionExpression: '#state = :open',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':open': open.state },
      }),
    );

    expect(Items).toEqual([open]);
  });

  it('keeps the items when the project is read again, and gets its new tables', async () => {
    const { aws, client, project, problems } = await startLocalAws({ resources: [ORDERS] });
    const tables = new DynamoDBClient(client);
    const id = { S: '1' };
    await tables.send(new PutItemCommand({ TableName: 'orders', Item: { id } }));

    aws.replace({ ...project, resources: [ORDERS, table('Users', 'users')] });

    const { TableNames } = await tables.send(new ListTablesCommand({}));
    expect(TableNames).toEqual(['orders', 'users']);
    const { Item } = await tables.send(new GetItemCommand({ TableName: 'orders', Key: { id } }));
    expect(Item).toEqual({ id });
    expect(problems).toEqual([]);
  });

  it('reports that a table keeps its indexes when the project has others now', async () => {
    const { aws, project, problems } = await startLocalAws({ resources: [ORDERS] });
    await aws.created();

    aws.replace({ ...project, resources: [table('Orders', 'orders', BY_STATE)] });
    await aws.created();

    expect(problems).toEqual([
      'Orders keeps the keys and indexes that it had, and its items: start dev again for the new ones.',
    ]);
  });

  it('names a table that DynamoDB would refuse, and has the others', async () => {
    const { aws, client, problems } = await startLocalAws({
      resources: [table('Short', 'no'), ORDERS],
    });
    await aws.created();

    expect(problems).toEqual([
      expect.stringMatching(/^Short is not there locally: ValidationException: .*TableName/),
    ]);
    const { TableNames } = await new DynamoDBClient(client).send(new ListTablesCommand({}));
    expect(TableNames).toEqual(['orders']);
  });

  it('answers while the destinations are down', async () => {
    const { aws, client } = await startLocalAws({ resources: [ORDERS] });
    aws.isDown = true;

    const { TableNames } = await new DynamoDBClient(client).send(new ListTablesCommand({}));

    expect(TableNames).toEqual(['orders']);
  });

  it('answers a project without tables too, when it is asked', async () => {
    const { client } = await startLocalAws({ resources: [] });

    const { TableNames } = await new DynamoDBClient(client).send(new ListTablesCommand({}));

    expect(TableNames).toEqual([]);
  });
});

describe('variables lead to the local DynamoDB', () => {
  const NAME = 'AWS_ENDPOINT_URL_DYNAMODB';

  it('when the project has tables', async () => {
    const { aws } = await startLocalAws({ resources: [ORDERS] });

    expect(aws.variablesFor({})).toHaveProperty(NAME, aws.url);
  });

  it('not when it has none: those that its functions use are in AWS', async () => {
    const { aws } = await startLocalAws({ resources: [] });

    expect(aws.variablesFor({})).not.toHaveProperty(NAME);
  });

  it.each(['AWS_ENDPOINT_URL', NAME])('not when the function has its own %s', async (own) => {
    const { aws } = await startLocalAws({ resources: [ORDERS] });

    expect(aws.variablesFor({ [own]: 'http://127.0.0.1:8000' })).not.toHaveProperty(NAME);
  });
});
