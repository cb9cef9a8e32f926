import type { Section } from './section.ts';

/** Keys and indexes of a table, as DynamoDB's CreateTable takes them. */
export interface TableDefinition {
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly KeySchema: readonly TableKey[];
  readonly GlobalSecondaryIndexes?: readonly TableIndex[];
  readonly LocalSecondaryIndexes?: readonly TableIndex[];
  readonly BillingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly ProvisionedThroughput?: TableCapacity;
}

interface TableKey {
  readonly AttributeName: string;
  readonly KeyType: string;
}

interface TableIndex {
  readonly IndexName: string;
  readonly KeySchema: readonly TableKey[];
  readonly Projection: {
    readonly ProjectionType: string;
    readonly NonKeyAttributes?: readonly string[];
  };
  readonly ProvisionedThroughput?: TableCapacity;
}

interface TableCapacity {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

const SIMPLE = 'AWS::Serverless::SimpleTable';
const SIMPLE_TYPES: Readonly<Record<string, string>> = { String: 'S', Number: 'N', Binary: 'B' };

/**
 * Keys, indexes and capacity of a table. What changes no request (encryption, tags, streams, backups, replicas) is
 * left out.
 *
 * @see CloudFormation, AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable; SAM, AWS::Serverless::SimpleTable
 */
export function readTable(type: string, properties: Section): TableDefinition {
  if (type === SIMPLE) return readSimpleTable(properties);
  const capacity = readCapacity(properties);
  const indexes = (key: string) =>
    properties.items(key).map((index) => readIndex(index, capacity !== undefined));
  const global = indexes('GlobalSecondaryIndexes');
  const local = indexes('LocalSecondaryIndexes');
  return {
    AttributeDefinitions: properties.items('AttributeDefinitions').map((attribute) => ({
      AttributeName: attribute.string('AttributeName') ?? '',
      AttributeType: attribute.string('AttributeType') ?? '',
    })),
    KeySchema: readKeys(properties),
    // DynamoDB refuses empty lists.
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...billing(capacity),
  };
}

/** A table with one key of type S each; on demand. */
export function tableWithKeys(key: string, sortKey: string | undefined): TableDefinition {
  const names = sortKey === undefined ? [key] : [key, sortKey];
  return {
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: names.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
    ...billing(undefined),
  };
}

function readSimpleTable(properties: Section): TableDefinition {
  const key = properties.section('PrimaryKey');
  const name = key.string('Name') ?? 'id';
  const type = key.string('Type') ?? 'String';
  return {
    AttributeDefinitions: [{ AttributeName: name, AttributeType: SIMPLE_TYPES[type] ?? type }],
    KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
    ...billing(readCapacity(properties)),
  };
}

const readKeys = (section: Section): TableKey[] =>
  section.items('KeySchema').map((key) => ({
    AttributeName: key.string('AttributeName') ?? '',
    KeyType: key.string('KeyType') ?? '',
  }));

function readIndex(index: Section, isProvisioned: boolean): TableIndex {
  const projection = index.section('Projection');
  const attributes = projection.list('NonKeyAttributes').map(String);
  const capacity = isProvisioned ? readCapacity(index) : undefined;
  return {
    IndexName: index.string('IndexName') ?? '',
    KeySchema: readKeys(index),
    Projection: {
      ProjectionType: projection.string('ProjectionType') ?? 'ALL',
      ...(attributes.length > 0 && { NonKeyAttributes: attributes }),
    },
    ...(capacity && { ProvisionedThroughput: capacity }),
  };
}

/** The capacity that a table or index reserves, unless it is on demand or the amount is not known here. */
function readCapacity(section: Section): TableCapacity | undefined {
  if (section.string('BillingMode') === 'PAY_PER_REQUEST') return undefined;
  const throughput = section.section('ProvisionedThroughput');
  const ReadCapacityUnits = Number(throughput.get('ReadCapacityUnits'));
  const WriteCapacityUnits = Number(throughput.get('WriteCapacityUnits'));
  return [ReadCapacityUnits, WriteCapacityUnits].every(
    (units) => Number.isInteger(units) && units > 0,
  )
    ? { ReadCapacityUnits, WriteCapacityUnits }
    : undefined;
}

const billing = (
  capacity: TableCapacity | undefined,
): Pick<TableDefinition, 'BillingMode' | 'ProvisionedThroughput'> =>
  capacity
    ? { BillingMode: 'PROVISIONED', ProvisionedThroughput: capacity }
    : { BillingMode: 'PAY_PER_REQUEST' };
